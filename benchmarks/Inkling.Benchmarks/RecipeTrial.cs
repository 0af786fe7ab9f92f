using System.Diagnostics;
using System.Globalization;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Benchmarks;

/// <summary>
/// One line of docs/experiments.md: a recipe trained on some of the training images and judged by the others. The test images play no part.
/// </summary>
internal static class RecipeTrial
{
    /// <param name="recipe">Built-in name or file.</param>
    /// <param name="data">Dataset.</param>
    /// <param name="held">Training images to judge by.</param>
    /// <param name="last">The last ones of the file, who are other writers in MNIST; or else drawn at random.</param>
    /// <param name="seed">Of the run, and of the draw.</param>
    /// <param name="threads">Threads.</param>
    public static void Run(string recipe, string data, int held, bool last, ulong seed, int threads)
    {
        ImageDataset whole = Datasets.Load(data);
        int first = whole.Train.Count - held;
        ImageDataset dataset = last
            ? new ImageDataset(whole.Name, whole.ClassNames, whole.Train, loadTest: null, [.. Enumerable.Range(first, held)])
            : whole;
        using var team = new WorkerTeam(threads);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        using TrainedModel model = new TrainingRun(
            dataset, Recipe.Load(recipe) with { Split = new SplitRecipe(held) }, new TrainingRunOptions { Seed = seed }).Run(
                new Progress(), team);
        double cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;

        int[] validation = [.. model.Split.Validation];
        LabelledLogits answers = ModelEvaluator.Ask(model.Weights, model.Normalization, dataset.Train, validation, team);
        var evaluation = new ModelEvaluation(answers, Calibration.Fit(answers), dataset.Train, validation);
        Console.WriteLine("| recipe | seed | judged by | wrong | accuracy | NLL | temperature | CPU, s | training, s |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {model.Recipe.Name} | {seed} | {(last ? "the last" : "random")} {held} | {evaluation.Mistakes.Length} | {evaluation.Metrics.Accuracy:P2} | {evaluation.Metrics.NegativeLogLikelihood:F5} | {evaluation.Calibration.Temperature:F3} | {cpu:F0} | {model.Seconds:F0} |"));
        Console.WriteLine($"wrong, surest first: {string.Join(' ', evaluation.Mistakes.Select(mistake => mistake.Index))}");
    }

    private sealed class Progress : ITrainingObserver
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();

        public void EpochEnded(EpochResult epoch) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_watch.Elapsed.TotalSeconds:F0} s: epoch {epoch.Epoch}, {epoch.TrainAccuracy:P2} of moved training images, {epoch.ValidationAccuracy:P2} of the others"));
    }
}
