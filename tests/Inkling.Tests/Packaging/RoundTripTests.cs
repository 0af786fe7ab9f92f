using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Publishing;
using Inkling.Publishing.Files;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Packaging;

public sealed class RoundTripTests(TinyModel tiny)
{
    [Fact]
    public void Open_AfterWrite_GivesTheSameLogitsBitForBit()
    {
        using var folder = new TemporaryFolder();
        ImageDataset dataset = Datasets.Load(tiny.Data);
        var run = new TrainingRun(dataset, Recipe.Load(TinyModel.Recipe), new TrainingRunOptions { MaxSteps = 5 });
        using var team = new WorkerTeam(2);
        using TrainedModel model = run.Run(new Unwatched(), team, TestContext.Current.CancellationToken);
        using (PackageFolder target = PackageFolder.Stage(folder["p"]))
        {
            PackageWriter.Write(target, model, dataset, team, TestContext.Current.CancellationToken);
        }

        using TrainedPackage opened = TrainedPackage.Open(folder["p"]);

        Assert.Equal(Predict(model.Weights, team), Predict(opened.Weights, team));
        Assert.Equal(model.Normalization.Mean, opened.Normalization.Mean);
        Assert.Equal(model.Normalization.StandardDeviation, opened.Normalization.StandardDeviation);
        Assert.Equal(dataset.ClassNames, opened.Classes);
    }

    /// <summary>The bits of the logits of 40 images full of numbers of every sign.</summary>
    private static int[] Predict(NetworkWeights weights, WorkerTeam team)
    {
        int[] samples = [.. Enumerable.Range(0, 40)];
        float[] probabilities = new float[samples.Length * 10];
        using var predictor = new Predictor(weights, team);
        float[] logits = new float[probabilities.Length];
        predictor.Predict(new Waves(), samples, probabilities, logits);
        Assert.True(logits.Distinct().Count() > 300);
        return [.. logits.Select(BitConverter.SingleToInt32Bits)];
    }

    private sealed class Waves : IImageSource
    {
        public int Load(int epoch, int sample, ImageView destination)
        {
            for (int i = 0; i < destination.Shape.Count; i++)
            {
                int x = i % destination.Shape.Width;
                int y = i / destination.Shape.Width;
                destination[0, y, x] = ((sample + 3) * x * x + y * (sample + 1)) % 251 / 60f - 2;
            }

            return 0;
        }
    }
}
