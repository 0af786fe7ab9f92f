using System.Globalization;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Evaluation.Explanations;
using Inkling.Quality;

namespace Inkling.Benchmarks;

/// <summary>
/// The figures of docs/quality.md and docs/experiments.md about what images of a set have in common: neighbours in the training file, and
/// the nearest training image to images of either part.
/// </summary>
internal static class DatasetLikeness
{
    private const int Queries = 2_000;

    private static readonly int[] Distances = [1, 2, 3, 4, 8, 10, 20, 50, 100, 200, 500];

    /// <param name="data">Dataset with a test part.</param>
    public static void Run(string data)
    {
        ImageDataset dataset = Datasets.Load(data);
        var context = new QualityContext(new QualityImages(dataset));
        double[] ink = OrderChecks.Standardize(context, context.Images.Members("train"), properties => properties.Ink);
        Console.WriteLine("| images further on in the training file | correlation of ink within classes |");
        foreach (int distance in Distances)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {distance} | {OrderChecks.Correlation(ink, distance):F3} |"));
        }

        using var team = new WorkerTeam(Environment.ProcessorCount);
        int[] queries = [.. Enumerable.Range(0, Queries)];
        int[] candidates = [.. Enumerable.Range(Queries, dataset.Train.Count - Queries)];
        Console.WriteLine("| the first 2,000 | named rightly by the nearest of the other training images | mean distance to it |");
        foreach ((string part, ImageSet images) in ((string, ImageSet)[])[("training images", dataset.Train), ("test images", dataset.Test!.Open())])
        {
            int[][] nearest = NearestImages.Find(images, queries, dataset.Train, candidates, 1, team);
            double right = queries.Average(i => images.Labels[i] == dataset.Train.Labels[nearest[i][0]] ? 1.0 : 0);
            double distance = queries.Average(i => Math.Sqrt(NearestImages.Distance(images.Image(i), dataset.Train.Image(nearest[i][0]))));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {part} | {right:P1} | {distance:F0} |"));
        }
    }
}
