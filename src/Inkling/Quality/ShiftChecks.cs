using Inkling.Statistics;

namespace Inkling.Quality;

/// <summary>Whether test images look like training images: the same measurements, compared as distributions.</summary>
internal static class ShiftChecks
{
    /// <summary>Distance of two cumulative distributions that nobody would notice.</summary>
    private const double Unnoticed = 0.1;

    /// <summary>1.95·√(1/n + 1/m) is exceeded by chance once in a thousand times.</summary>
    private const double ByChance = 1.95;

    public static IEnumerable<QualityCheck> Run(QualityContext context)
    {
        int[] train = context.Images.Members("train");
        int[] test = context.Images.Members("test");
        if (train.Length == 0 || test.Length == 0)
        {
            yield break;
        }

        double threshold = Unnoticed + ByChance * Math.Sqrt(1.0 / train.Length + 1.0 / test.Length);
        (string name, double distance) = ImageProperties.Comparable
            .Select(property => (property.Name, Distance: SampleStatistics.KolmogorovSmirnov(
                Array.ConvertAll(train, i => property.Of(context.Properties[i])),
                Array.ConvertAll(test, i => property.Of(context.Properties[i])))))
            .MaxBy(pair => pair.Distance);
        yield return new QualityCheck
        {
            Id = "shift",
            Title = "Shift between train and test",
            Split = "all",
            Value = distance,
            Threshold = threshold,
            Verdict = distance > threshold ? Verdict.Warning : Verdict.Passed,
            Finding =
                $"Of {ImageProperties.Comparable.Count} measurements, {name} differs most: Kolmogorov–Smirnov distance {distance:F3}.",
            Measure = distance > threshold
                ? "Find out why: figures on the test images may say little about the training images, or the reverse."
                : "None needed.",
        };
    }
}
