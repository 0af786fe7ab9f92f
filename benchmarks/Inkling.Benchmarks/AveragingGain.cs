using System.Globalization;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Publishing;

namespace Inkling.Benchmarks;

/// <summary>
/// What averaging would add to one network's answer to one picture: over moved copies of the picture, over the networks of a study, over
/// both. For docs/experiments.md, after everything has been chosen: it opens the test images.
/// </summary>
internal static class AveragingGain
{
    /// <summary>Moved copies: the picture by up to this many pixels each way.</summary>
    private const int Shift = 1;

    /// <param name="study">Folder of <c>inkling study --test</c>.</param>
    public static void Run(string study)
    {
        TrainedPackage[] packages = [.. Directory.EnumerateDirectories(study)
            .Where(folder => File.Exists(Path.Combine(folder, PackageFiles.Lock))).Order(StringComparer.Ordinal).Select(
                TrainedPackage.Open)];
        ImageSet test = Datasets.Load(packages[0].Lock.Data.Name).Test!.Open();
        ImageSet[] views = [.. Shifts().Select(shift => Moved(test, shift.Down, shift.Right))];
        using var team = new WorkerTeam(Environment.ProcessorCount);
        float[][] single = [.. packages.Select(package => Ask(package, test, team))];
        float[][] moved = [.. packages.Select(package => Mean([.. views.Select(view => Ask(package, view, team))]))];
        foreach (TrainedPackage package in packages)
        {
            package.Dispose();
        }

        Console.WriteLine("| answer | right |");
        Write("one network, one picture, mean", single.Average(answers => Accuracy(answers, test)));
        Write($"one network, {views.Length} copies moved by up to {Shift} pixel, mean", moved.Average(answers => Accuracy(answers, test)));
        Write($"{packages.Length} networks, one picture", Accuracy(Mean(single), test));
        Write($"{packages.Length} networks, {views.Length} copies", Accuracy(Mean(moved), test));
    }

    private static void Write(string answer, double accuracy) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {answer} | {100 * accuracy:F3} % |"));

    private static IEnumerable<(int Down, int Right)> Shifts() =>
        from down in Enumerable.Range(-Shift, 2 * Shift + 1)
        from right in Enumerable.Range(-Shift, 2 * Shift + 1)
        select (down, right);

    /// <summary>Every image moved; what comes in from outside is 0.</summary>
    private static ImageSet Moved(ImageSet images, int down, int right)
    {
        byte[] pixels = new byte[images.Pixels.Length];
        for (int map = 0; map < images.Count * images.Channels; map++)
        {
            for (int row = Math.Max(0, down); row < images.Height + Math.Min(0, down); row++)
            {
                int width = images.Width - Math.Abs(right);
                images.Pixels.Slice((map * images.Height + row - down) * images.Width + Math.Max(0, -right), width)
                    .CopyTo(pixels.AsSpan((map * images.Height + row) * images.Width + Math.Max(0, right)));
            }
        }

        return new ImageSet(
            images.Channels, images.Height, images.Width, images.ClassCount, pixels, images.Labels.ToArray(), images.FileHashes);
    }

    private static float[] Ask(TrainedPackage package, ImageSet images, WorkerTeam team) => ModelEvaluator
        .Ask(package.Weights, package.Normalization, images, Enumerable.Range(0, images.Count).ToArray(), team)
        .Probabilities(package.Calibration.Temperature);

    private static float[] Mean(float[][] answers) =>
        [.. Enumerable.Range(0, answers[0].Length).Select(i => answers.Average(answer => answer[i]))];

    private static double Accuracy(float[] answers, ImageSet images) =>
        ClassificationMetrics.Compute(images.Labels, answers, images.ClassCount).Accuracy;
}
