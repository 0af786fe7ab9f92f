using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Tests.Cli;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Verification;

public sealed class SideBySideTests(TinyModel tiny)
{
    private readonly Recipe _recipe = Recipe.Load(TinyModel.Recipe);
    private readonly ImageDataset _data = Datasets.Load(tiny.Data);

    [Fact]
    public void FirstDifference_ThreadsAndVectors_AreNone()
    {
        var plan = new RunPlan(_data, _recipe, seed: null, maxSteps: null);

        Assert.Null(Walk(plan, plan, steps: 12));
    }

    // Two pixels of one image change places: split and normalisation stay, and only the chunk that holds the image can tell.
    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(599)]
    public void FirstDifference_OneImageDiffers_IsFoundInItsStepAndChunk(int position)
    {
        var plan = new RunPlan(_data, _recipe, seed: null, maxSteps: null);
        int[] order = new RandomStream(plan.Seed, RandomPurpose.Shuffle).Permutation(plan.Split.Train.Length);
        var other = new RunPlan(WithSwappedPixels(plan.Split.Train[order[position]]), _recipe, seed: null, maxSteps: null);

        TensorDifference? difference = Walk(plan, other, steps: 12);

        Assert.NotNull(difference);
        Assert.Equal(1 + position / _recipe.BatchSize, difference.Step);
        Assert.Equal(1 + position % _recipe.BatchSize / _recipe.ChunkSize, difference.Chunk);
        Assert.True(difference.IsGradient);
        Assert.Equal("conv1.weight", difference.Tensor);
        Assert.NotEqual(difference.First, difference.Second);
    }

    private static TensorDifference? Walk(RunPlan first, RunPlan second, int steps)
    {
        using RunState a = first.Begin();
        using RunState b = second.Begin();
        using var all = new WorkerTeam(3);
        using var alone = new WorkerTeam(1);
        return SideBySide.FirstDifference(
            new RunSide(first, a, all, SimdSupport.Best),
            new RunSide(second, b, alone, Simd.Vector128),
            steps,
            TestContext.Current.CancellationToken);
    }

    private ImageDataset WithSwappedPixels(int image)
    {
        ImageSet train = _data.Train;
        byte[] pixels = train.Pixels.ToArray();
        int center = image * train.ImageLength + train.ImageLength / 2;
        int ink = Array.FindIndex(pixels, image * train.ImageLength, pixel => pixel > 200);
        int blank = Array.FindIndex(pixels, center - 60, pixel => pixel == 0);
        (pixels[ink], pixels[blank]) = (pixels[blank], pixels[ink]);
        var set = new ImageSet(
            train.Channels, train.Height, train.Width, train.ClassCount, pixels, train.Labels.ToArray(), train.FileHashes);
        return new ImageDataset(_data.Name, _data.ClassNames, set, loadTest: null);
    }
}
