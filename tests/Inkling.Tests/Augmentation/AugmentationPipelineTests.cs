using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Inkling.Augmentation;
using Inkling.Data;
using Inkling.Preprocessing;

namespace Inkling.Tests.Augmentation;

public sealed class AugmentationPipelineTests
{
    private const int Size = 28;
    private const int Grid = 56;

    private static readonly PlaneLayout Layout = PlaneLayout.Dense(Grid, Grid);
    private static readonly PixelNormalization[] Mnist = [new(0.1307, 0.3081)];
    private static readonly ImageSet Images = TestImages.Set(60, 1, Size, Size, 10);

    private static readonly AffineAugmentation Movement = new() { RotationDegrees = 10, Scale = 0.1, Shear = 0.1, ShiftPixels = 2 };

    private static readonly AugmentationPipeline Everything = new()
    {
        Movement = Movement,
        Mirror = true,
        Perspective = new Perspective { Tilt = 0.2 },
        ElasticDistortion = new ElasticDistortion { Pixels = 1.5, SpacingPixels = 7 },
        StrokeThickness = new StrokeThickness { Strength = 0.5 },
        Blur = new Blur { DeviationPixels = 1 },
        PixelNoise = new PixelNoise { Deviation = 20 },
        Tone = new Tone { Contrast = 0.2, Brightness = 0.1 },
        Cutout = new Cutout { Pixels = 9, Probability = 0.5 },
    };

    [Fact]
    public void Apply_MovementAlone_GivesTheSamplersBits()
    {
        float[] sampled = new float[Grid * Grid];
        var pipeline = new AugmentationPipeline { Movement = Movement };

        for (uint sample = 0; sample < 20; sample++)
        {
            AffineSampler.Sample(Images.Image((int)sample), 1, Size, Size, Movement.Draw(4, 1, sample), Mnist, Layout, sampled);

            Assert.Equal(sampled, Apply(pipeline, epoch: 1, sample));
        }
    }

    [Fact]
    public void Apply_AnyOrderOfSamples_GivesTheSamePixels()
    {
        float[][] forwards = [.. Enumerable.Range(0, 30).Select(i => Apply(Everything, 3, (uint)i))];
        float[][] backwards = [.. Enumerable.Range(0, 30).Reverse().Select(i => Apply(Everything, 3, (uint)i)).Reverse()];

        Assert.Equal(forwards, backwards);
        Assert.NotEqual(forwards[0], Apply(Everything, 4, 0));
    }

    [Fact]
    public void Apply_EachTransformAlone_ChangesTheImage()
    {
        float[] unchanged = Apply(new AugmentationPipeline(), 1, 5);

        Assert.All(
            (AugmentationPipeline[])
            [
                new() { Movement = Movement },
                new() { Perspective = Everything.Perspective },
                new() { ElasticDistortion = Everything.ElasticDistortion },
                new() { StrokeThickness = Everything.StrokeThickness },
                new() { Blur = Everything.Blur },
                new() { PixelNoise = Everything.PixelNoise },
                new() { Tone = Everything.Tone },
                new() { Cutout = new Cutout { Pixels = 9, Probability = 1 } },
            ],
            pipeline => Assert.NotEqual(unchanged, Apply(pipeline, 1, 5)));
    }

    [Fact]
    public void Apply_TransformSwitchedOff_LeavesTheOthersDraws()
    {
        // Cutout works last: wherever it hides nothing, the pixels are those without it.
        float[] with = Apply(Everything with { Cutout = new Cutout { Pixels = 9, Probability = 1 } }, 1, 5);
        float[] without = Apply(Everything with { Cutout = null }, 1, 5);

        Assert.Contains(0f, with);
        Assert.All(with.Zip(without), pair => Assert.True(pair.First == 0 || pair.First == pair.Second));
    }

    [Fact]
    public void Apply_Mirror_ReversesRowsOfAboutHalfTheImages()
    {
        int mirrored = 0;
        for (uint sample = 0; sample < 60; sample++)
        {
            float[] plain = Apply(new AugmentationPipeline(), 1, sample);
            float[] flipped = [.. plain.Chunk(Grid).SelectMany(row => row.Reverse())];
            float[] seen = Apply(new AugmentationPipeline { Mirror = true }, 1, sample);

            bool turned = seen.Zip(flipped).All(pair => MathF.Abs(pair.First - pair.Second) < 0.01f);
            Assert.True(turned || seen.SequenceEqual(plain));
            mirrored += turned ? 1 : 0;
        }

        Assert.InRange(mirrored, 15, 45);
    }

    [Fact]
    public void Apply_Tone_IsThatOfThePixels()
    {
        var normalization = new PixelNormalization(0.1307, 0.3081);
        PixelNormalization toned = normalization.After(contrast: 1.2, brightness: -20);

        Assert.All(Enumerable.Range(0, 256), v => Assert.Equal(normalization.Apply(1.2f * v - 20), toned.Apply(v), 1e-5f));
    }

    [Fact]
    public void Apply_Cutout_HidesAsOftenAndAsMuchAsItSays()
    {
        var pipeline = new AugmentationPipeline { Cutout = new Cutout { Pixels = 10, Probability = 0.5 } };
        int[] hidden = [.. Enumerable.Range(0, 1000).Select(
            i => Apply(pipeline, (uint)(i / 60), (uint)(i % 60)).Count(value => value == 0))];

        // 10 of 28 pixels are 20 of 56; a square whose centre is in the middle is seen whole.
        Assert.Equal(20 * 20, hidden.Max());
        Assert.InRange(hidden.Count(count => count > 0), 500 - 80, 500 + 80);
        Assert.InRange(hidden.Where(count => count > 0).Min(), 10 * 10, 12 * 12);
    }

    [Fact]
    public void Apply_TwoPaddedChannels_WritesOnlyThePixels()
    {
        ImageSet images = TestImages.Set(3, 2, 9, 9, 3);
        var layout = new PlaneLayout(Height: 11, Width: 13, RowStride: 16, PlaneStride: 200);
        float[] padded = new float[layout.Extent(2) + 5];
        padded.AsSpan().Fill(-77);

        (Everything with { Cutout = new Cutout { Pixels = 4, Probability = 1 } }).Apply(
            images, new ImageKey(1, 2, 1), [TestImages.Raw, TestImages.Raw], layout, padded);

        Assert.Equal(padded.Length - 2 * 11 * 13, padded.Count(value => value == -77));
    }

    [Fact]
    public void Apply_OnceWarm_AllocatesNothing()
    {
        float[] pixels = new float[Grid * Grid];
        Everything.Apply(Images, new ImageKey(1, 1, 1), Mnist, Layout, pixels);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Everything.Apply(Images, new ImageKey(1, 1, 2), Mnist, Layout, pixels);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>Part of the numeric contract: another hash is another contract. Holds on every instruction set.</summary>
    [Fact]
    public void Apply_Everything_GivesThePinnedBits()
    {
        float[] pixels = [.. Enumerable.Range(0, 30).SelectMany(i => Apply(Everything, 2, (uint)i))];

        Assert.Equal(
            "611f2efaf6f1a597896793692599e0ddd6dbaae5a7dca313e11ae98812041c96",
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(pixels.AsSpan()))));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void Tilt_OutOfRange_Throws(double tilt) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Perspective { Tilt = tilt });

    [Theory]
    [InlineData(0.04)]
    [InlineData(1.01)]
    public void Alpha_OutOfRange_Throws(double alpha) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Mixup { Alpha = alpha, Probability = 1 });

    private static float[] Apply(AugmentationPipeline pipeline, uint epoch, uint sample)
    {
        float[] pixels = new float[Grid * Grid];
        pipeline.Apply(Images, new ImageKey(4, epoch, sample), Mnist, Layout, pixels);
        return pixels;
    }
}
