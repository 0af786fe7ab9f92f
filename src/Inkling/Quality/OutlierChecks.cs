using Inkling.Statistics;

namespace Inkling.Quality;

/// <summary>Images that are unlike all others of their class.</summary>
/// <remarks>
/// Distance of an image to the mean of its class, both reduced to thumbnails. An outlier's is above the class's median by
/// more than <see cref="Threshold"/> times the class's median absolute deviation (scaled to a standard deviation).
/// </remarks>
internal static class OutlierChecks
{
    private const double Threshold = 6;

    /// <summary>For normal values, standard deviation over median absolute deviation.</summary>
    private const double NormalScale = 1.4826;

    public static IEnumerable<QualityCheck> Run(QualityContext context)
    {
        QualityImages images = context.Images;
        double[] scores = new double[images.Count];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, images.Count).GroupBy(images.Label))
        {
            Score(context, [.. members], scores);
        }

        (int, string)[] found =
        [
            .. Enumerable.Range(0, images.Count).Where(i => scores[i] > Threshold).OrderByDescending(i => scores[i])
                .Select(i => (i, $"{scores[i]:F1} deviations from its class")),
        ];
        yield return context.Count(
            "outliers", "Outliers of their class", "all", found, Verdict.Note, "are unlike all others of their class",
            "Look at them: they may be of no class at all.");
    }

    private static void Score(QualityContext context, int[] members, double[] scores)
    {
        int length = context.Images.Thumbnails.Shape.Count;
        double[] mean = new double[length];
        foreach (int image in members)
        {
            ReadOnlySpan<byte> pixels = context.Images.Thumbnails[image];
            for (int p = 0; p < length; p++)
            {
                mean[p] += pixels[p];
            }
        }

        float[] distances = new float[members.Length];
        Parallel.For(0, members.Length, m =>
        {
            ReadOnlySpan<byte> pixels = context.Images.Thumbnails[members[m]];
            double sum = 0;
            for (int p = 0; p < length; p++)
            {
                double difference = pixels[p] - mean[p] / members.Length;
                sum += difference * difference;
            }

            distances[m] = (float)Math.Sqrt(sum);
        });
        float median = SampleStatistics.Median(distances);
        double deviation = NormalScale * SampleStatistics.Median(distances.Select(distance => Math.Abs(distance - median)));
        for (int m = 0; m < members.Length; m++)
        {
            scores[members[m]] = deviation > 0 ? (distances[m] - median) / deviation : 0;
        }
    }
}
