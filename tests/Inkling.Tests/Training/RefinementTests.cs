using System.Text;
using System.Text.Json.Nodes;
using Inkling.Augmentation;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Serialization;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Training;

/// <summary>The last epochs of a refined run see other images than the first, in its steps and in the statistics of its average.</summary>
public sealed class RefinementTests(TinyModel tiny)
{
    private const int Epochs = 3;

    private static readonly Recipe Plain = Recipe.Load(TinyModel.Recipe) with
    {
        Epochs = Epochs,
        Augmentation = new AugmentationPipeline { Movement = new AffineAugmentation { ShiftPixels = 12 } },
    };

    private static readonly Recipe Refined = Plain with { Refinement = new Refinement(Epochs: 1, Augmentation: null, Plain.Loss) };

    private readonly ImageDataset _data = Datasets.Load(tiny.Data);

    [Fact]
    public void OnlyTheLastEpochs_SeeOtherImages()
    {
        var plain = new TrainingRun(_data, Plain, new TrainingRunOptions());
        var refined = new TrainingRun(_data, Refined, new TrainingRunOptions());

        for (int epoch = 0; epoch < Epochs - 1; epoch++)
        {
            Assert.Equal(Inputs(plain.Preview(epoch)), Inputs(refined.Preview(epoch)));
        }

        IReadOnlyList<PreviewImage> last = refined.Preview(Epochs - 1);
        Assert.Equal(last.Select(image => image.Original.Values.ToArray()), Inputs(last));
        Assert.NotEqual(Inputs(last), Inputs(plain.Preview(Epochs - 1)));
    }

    [Fact]
    public void AnyThreadsAndAnyStop_GiveTheSameBytes_ThatDifferFromTheLastEpochOn()
    {
        using TrainedModel plain = Trained.By(Plain, _data, threads: 1);
        using TrainedModel unbroken = Trained.By(Refined, _data, threads: 1);
        Assert.Equal(plain.Epochs.SkipLast(1), unbroken.Epochs.SkipLast(1));
        Assert.NotEqual(plain.WeightsFile, unbroken.WeightsFile);

        int last = plain.Steps / Epochs * (Epochs - 1);
        for (int step = last - 1; step <= last + 1; step++)
        {
            using var folder = new TemporaryFolder();
            using RunFolder run = RunFolder.Open(folder["run"]);
            using var stop = new CancellationTokenSource();
            Assert.Throws<TrainingInterruptedException>(
                () => Trained.By(
                    Refined, _data, threads: 2, new TrainingRunOptions { Folder = run }, new StoppingAfter(step, stop), stop.Token));

            using TrainedModel resumed = Trained.By(Refined, _data, threads: 3, new TrainingRunOptions { Folder = run, Resume = true });

            Assert.Equal(unbroken.WeightsFile, resumed.WeightsFile);
        }
    }

    /// <summary>
    /// A batch norm after one weight measures that multiple of the images: normalised as they are their mean is 0, and it isn't where
    /// shifts
    /// push ink out of the picture.
    /// </summary>
    [Fact]
    public void StatisticsOfTheAverage_AreOfTheLastEpochsImages()
    {
        Assert.InRange(MeanInDeviations(Refined), 0, 0.01);
        Assert.InRange(MeanInDeviations(Plain), 0.05, 0.3);
    }

    /// <summary>Smoothing blends the loss of the label with that of all classes, so the loss of given weights is linear in it.</summary>
    [Fact]
    public void OnlyTheLastEpochs_HaveTheOtherLoss()
    {
        const double Smoothing = 0.5;
        Recipe Smoothed(double smoothing) => Plain with { Refinement = new Refinement(1, Plain.Augmentation, new LossRecipe(smoothing)) };
        using TrainedModel plain = Trained.By(Plain, _data, threads: 2);
        using TrainedModel sharp = Trained.By(Smoothed(0), _data, threads: 2);
        using TrainedModel smooth = Trained.By(Smoothed(Smoothing), _data, threads: 2);
        int first = plain.ChunksPerStep * (plain.Steps / Epochs) * (Epochs - 1);
        double share = Plain.Loss.LabelSmoothing / Smoothing;

        Assert.Equal(plain.ChunkLosses[..first], smooth.ChunkLosses[..first]);
        Assert.NotEqual(plain.ChunkLosses[first], smooth.ChunkLosses[first], 0.01);
        for (int i = first; i < first + plain.ChunksPerStep; i++)
        {
            Assert.Equal((1 - share) * sharp.ChunkLosses[i] + share * smooth.ChunkLosses[i], plain.ChunkLosses[i], 1e-5);
        }
    }

    [Fact]
    public void OwnTransform_IsLookedForInBoth()
    {
        var wear = new OwnTransform("wear", new Dictionary<string, double>(), change: null);
        Recipe recipe = Plain with { Refinement = new Refinement(1, new AugmentationPipeline { Own = [wear] }, Plain.Loss) };

        var refused = Assert.Throws<RecipeException>(() => new TrainingRun(_data, recipe, new TrainingRunOptions()));

        Assert.Equal("$.refinement.augmentation.own.wear", Assert.Single(refused.Faults).Path);
    }

    private static IEnumerable<byte[]> Inputs(IReadOnlyList<PreviewImage> images) => images.Select(image => image.Input.Values.ToArray());

    private double MeanInDeviations(Recipe recipe)
    {
        JsonObject json = RecipeJson.Write(recipe);
        json["network"] = JsonNode.Parse("""
            { "layers": [
              { "convolution": { "name": "weight", "out_channels": 1, "kernel_size": 1, "stride": 1, "padding": 0, "bias": false } },
              { "batch_norm": { "name": "norm", "epsilon": 0.00001, "momentum": 0.1 } },
              { "flatten": {} },
              { "linear": { "name": "head", "out_features": "classes", "bias": true } } ] }
            """);

        using TrainedModel model = Trained.By(Recipe.Parse(Encoding.UTF8.GetBytes(CanonicalJson.Write(json)), "test"), _data, threads: 2);

        SafeTensorsFile weights = SafeTensorsFile.Parse(model.WeightsFile, "test");
        return Math.Abs(Value("norm.running_mean")) / Math.Sqrt(Value("norm.running_var"));

        double Value(string name) => Assert.Single(weights.Tensors, tensor => tensor.Name == name).Values[0];
    }
}
