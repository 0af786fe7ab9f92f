using Inkling.Augmentation;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Augmentation;

/// <summary>Mixup and cutmix: pixels and targets of two images.</summary>
public sealed class MixtureTests
{
    private const int Size = 20;
    private const int Count = 50;
    private const int Classes = 5;

    private static readonly ImageSet Images = TestImages.Set(Count, 1, Size, Size, Classes);
    private static readonly int[] Partners = [.. Enumerable.Range(0, Count / 2)];
    private static readonly Normalization Raw = Normalization.Measure(Images, Partners);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.4)]
    [InlineData(1)]
    public void Beta_ManyDraws_HasItsMeanAndVariance(double alpha)
    {
        const int Draws = 20_000;
        double[] values = [.. Enumerable.Range(0, Draws).Select(
            i => BetaDistribution.Draw(TestImages.Stream(RandomPurpose.Mixup, i), 2, alpha))];

        // Variance of Beta(α, α); a fourth moment is at most 1/16 of the range's: five standard errors.
        double variance = 1 / (4 * (2 * alpha + 1));
        Assert.Equal(0.5, values.Average(), 5 * Math.Sqrt(variance / Draws));
        Assert.Equal(variance, values.Average(v => (v - 0.5) * (v - 0.5)), 5 * 0.25 / Math.Sqrt(Draws));
        Assert.All(values, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void Load_Mixup_BlendsPixelsAndTargetsByOneShare()
    {
        var mixup = new Mixup { Alpha = 1, Probability = 0.5 };
        TrainingImages source = Source(new AugmentationPipeline { Mixup = mixup });
        int mixed = 0;
        for (int sample = 0; sample < Count; sample++)
        {
            float[] own = Write(Source(null), sample);
            float[] seen = Write(source, sample);
            double[] target = Target(source, sample);
            Mixture? mixture = mixup.Draw(new RandomStream(1, RandomPurpose.Mixup, 0, (uint)sample), Partners);
            mixed += mixture is null ? 0 : 1;
            double share = mixture?.Share ?? 1;
            float[] other = Write(Source(null), mixture?.Partner ?? sample);

            Assert.All(seen.Index(), pixel => Assert.Equal(
                share * own[pixel.Index] + (1 - share) * other[pixel.Index], pixel.Item, 1e-5));
            Assert.Equal(Expected(sample, mixture), target);
        }

        Assert.InRange(mixed, 12, 38);
    }

    [Fact]
    public void Load_Cutmix_PastesAsMuchAsTheTargetSays()
    {
        var cutmix = new Cutmix { Alpha = 1, Probability = 1 };
        TrainingImages source = Source(new AugmentationPipeline { Cutmix = cutmix });
        for (int sample = 0; sample < Count; sample++)
        {
            Mixture mixture = cutmix.Draw(new RandomStream(1, RandomPurpose.Cutmix, 0, (uint)sample), Partners)!.Value;
            float[] own = Write(Source(null), sample);
            float[] other = Write(Source(null), mixture.Partner);
            float[] seen = Write(source, sample);

            Assert.All(seen.Index(), pixel => Assert.True(pixel.Item == own[pixel.Index] || pixel.Item == other[pixel.Index]));
            Assert.Equal(Expected(sample, mixture), Target(source, sample));

            // Edges fall on whole pixels: half a pixel on each of the four sides.
            double pasted = seen.Index().Count(pixel => pixel.Item != own[pixel.Index]) / (double)(Size * Size);
            Assert.True(mixture.Partner == sample || Math.Abs(1 - mixture.Share - pasted) < 4 * 0.5 / Size + 0.02);
        }
    }

    [Fact]
    public void Mix_Partners_AreTrainingImagesAlone()
    {
        var mixup = new Mixup { Alpha = 1, Probability = 1 };
        int[] chosen = [.. Enumerable.Range(0, 500).Select(
            i => mixup.Draw(TestImages.Stream(RandomPurpose.Mixup, i), Partners)!.Value.Partner)];

        Assert.Equal(Partners, chosen.Distinct().Order());
    }

    [Fact]
    public void Target_NothingMixed_IsTheLabel() =>
        Assert.Equal([0, 0, 1, 0, 0], Target(Source(null), 2));

    private static TrainingImages Source(AugmentationPipeline? pipeline) =>
        new(Images, Partners, Recipe.Load("sprint") with { Augmentation = pipeline }, Raw, seed: 1);

    private static float[] Write(TrainingImages source, int sample)
    {
        float[] pixels = new float[Size * Size];
        source.Write(0, sample, PlaneLayout.Dense(Size, Size), pixels);
        return pixels;
    }

    private static double[] Target(TrainingImages source, int sample)
    {
        double[] target = new double[Classes];
        source.Target(0, sample, Images.Labels[sample], target);
        return target;
    }

    private static double[] Expected(int sample, Mixture? mixture)
    {
        double[] expected = new double[Classes];
        expected[Images.Labels[sample]] = mixture?.Share ?? 1;
        if (mixture is { } mixed)
        {
            expected[Images.Labels[mixed.Partner]] += 1 - mixed.Share;
        }

        return expected;
    }
}
