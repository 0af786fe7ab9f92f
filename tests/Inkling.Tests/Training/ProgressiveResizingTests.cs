using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Training;

/// <summary>Epochs on smaller images are those of a recipe with that input, and what a run gives stays a function of the recipe.</summary>
public sealed class ProgressiveResizingTests(TinyModel tiny)
{
    private const int StepsPerEpoch = 4;
    private const int Small = 32;
    private const int Whole = 56;

    private static readonly Recipe Recipe = Recipe.Load(Fixture.Path("Cli", "resnet.json")) with
    {
        Epochs = 3,
        ProgressiveResizing = new ProgressiveResizing(Epochs: 1, Small, Small),
    };

    private readonly ImageDataset _data = Datasets.Load(tiny.Data);

    [Fact]
    public void FirstEpochs_AreThoseOfARecipeWithThatInput()
    {
        Recipe small = Recipe with { Input = Recipe.Input with { Height = Small, Width = Small }, ProgressiveResizing = null };
        using TrainedModel resized = Trained.By(Recipe, _data, threads: 2);
        using TrainedModel alwaysSmall = Trained.By(small, _data, threads: 2);

        Assert.Equal(alwaysSmall.Epochs[0], resized.Epochs[0]);
        Assert.NotEqual(alwaysSmall.Epochs[1].WeightsHash, resized.Epochs[1].WeightsHash);
        Assert.Equal(Whole, resized.Weights.Network.Input.Height);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnyThreadsAndAnyStop_GiveTheSameBytes(bool averages)
    {
        Recipe recipe = Recipe with { Averaging = averages ? new AveragingRecipe(0.9) : null };
        using TrainedModel unbroken = Trained.By(recipe, _data, threads: 1);
        for (int step = StepsPerEpoch - 1; step <= StepsPerEpoch + 1; step++)
        {
            using var folder = new TemporaryFolder();
            using RunFolder run = RunFolder.Open(folder["run"]);
            using var stop = new CancellationTokenSource();
            Assert.Throws<TrainingInterruptedException>(
                () => Trained.By(
                    recipe, _data, threads: 2, new TrainingRunOptions { Folder = run }, new StoppingAfter(step, stop), stop.Token));

            using TrainedModel resumed = Trained.By(recipe, _data, threads: 3, new TrainingRunOptions { Folder = run, Resume = true });

            Assert.Equal(unbroken.Epochs.Select(epoch => epoch.WeightsHash), resumed.Epochs.Select(epoch => epoch.WeightsHash));
            Assert.Equal(unbroken.WeightsFile, resumed.WeightsFile);
        }
    }

    [Fact]
    public void Preview_HasTheSizeOfTheEpoch()
    {
        var run = new TrainingRun(_data, Recipe, new TrainingRunOptions());

        Assert.All(run.Preview(epoch: 0), image => Assert.Equal((Small, Small), (image.Input.Height, image.Input.Width)));
        Assert.All(run.Preview(epoch: 1), image => Assert.Equal((Whole, Whole), (image.Input.Height, image.Input.Width)));
    }

    [Fact]
    public void NetworkWhoseWeightsDependOnTheSize_IsRefused()
    {
        Recipe flattening = Recipe.Load(TinyModel.Recipe) with { ProgressiveResizing = new ProgressiveResizing(Epochs: 1, 20, 20) };

        var refused = Assert.Throws<RecipeException>(() => new TrainingRun(_data, flattening, new TrainingRunOptions()));

        Assert.Equal("$.progressive_resizing", Assert.Single(refused.Faults).Path);
        Assert.Contains("global pool", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizeTooSmallForTheNetwork_IsRefused()
    {
        Recipe recipe =
            Recipe with { Network = Recipe.Load("quick").Network, ProgressiveResizing = new ProgressiveResizing(Epochs: 1, 2, 2) };

        var refused = Assert.Throws<RecipeException>(() => new TrainingRun(_data, recipe, new TrainingRunOptions()));

        Assert.Equal("$.progressive_resizing", Assert.Single(refused.Faults).Path);
    }
}
