namespace Inkling.Quality;

/// <summary>
/// Whether images that lie near each other in a set are alike beyond their class: then they come from the same writer, camera or day, and a
/// random split has each of those on both sides; among test images it leaves fewer independent ones than they count.
/// </summary>
/// <remarks>
/// Value: the largest correlation of a measurement, standardised within its class, with the same measurement 1 to 8 images
/// further on. In MNIST's training images it is 0.28 two images further on and below 0 one further on: two collections of writers,
/// interleaved.
/// </remarks>
internal static class OrderChecks
{
    /// <summary>Correlation that nobody would notice.</summary>
    private const double Unnoticed = 0.1;

    /// <summary>Largest of some fifty correlations by chance, in 1/√n: once in three hundred times.</summary>
    private const double ByChance = 4;

    private const int Reach = 8;

    /// <summary>Standard deviations beyond which a value counts as if it were there, so that a few odd images decide nothing.</summary>
    private const double Farthest = 3;

    public static IEnumerable<QualityCheck> Run(QualityContext context)
    {
        foreach (string split in context.Images.Splits)
        {
            int[] members = context.Images.Members(split);
            if (members.Length <= Reach)
            {
                continue;
            }

            (string name, int distance, double correlation) = ImageProperties.Comparable
                .Select(property => (property.Name, Values: Standardize(context, members, property.Of)))
                .SelectMany(entry => Enumerable.Range(1, Reach).Select(
                    distance => (entry.Name, distance, Correlation: Correlation(entry.Values, distance))))
                .MaxBy(entry => entry.Correlation);
            double threshold = Unnoticed + ByChance / Math.Sqrt(members.Length);
            bool found = correlation > threshold;
            yield return new QualityCheck
            {
                Id = "order",
                Title = "Likeness of neighbours",
                Split = split,
                Value = correlation,
                Threshold = threshold,
                Verdict = found ? Verdict.Note : Verdict.Passed,
                Finding = $"Of images {distance} apart in the set, within their classes, {name} correlates most: {correlation:F3}.",
                Measure = found ? MeasureFor(split) : "None needed.",
            };
        }
    }

    private static string MeasureFor(string split) => split == "test"
        ? "Neighbours seem to come from the same source, so that fewer images than there are count as independent: an interval that takes them for it is too narrow."
        : "Neighbours seem to come from the same source. A random split has it on both sides, so that validation promises more than new sources will keep: judge by images of other sources.";

    /// <summary>A measurement of images, as deviations from their class.</summary>
    internal static double[] Standardize(QualityContext context, int[] members, Func<ImageProperties, float> property)
    {
        int classes = context.Images.Dataset.ClassNames.Count;
        int[] counts = new int[classes];
        double[] sums = new double[classes], squares = new double[classes];
        foreach (int image in members)
        {
            int label = context.Images.Label(image);
            double value = property(context.Properties[image]);
            counts[label]++;
            sums[label] += value;
            squares[label] += value * value;
        }

        return Array.ConvertAll(members, image =>
        {
            int label = context.Images.Label(image);
            double mean = sums[label] / counts[label];
            double deviation = Math.Sqrt(Math.Max(0, squares[label] / counts[label] - mean * mean));
            return deviation > 0 ? Math.Clamp((property(context.Properties[image]) - mean) / deviation, -Farthest, Farthest) : 0;
        });
    }

    /// <summary>Pearson's, of values with others that are <paramref name="distance"/> further on; 0 where nothing varies.</summary>
    internal static double Correlation(double[] values, int distance)
    {
        int n = values.Length - distance;
        double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
        for (int i = 0; i < n; i++)
        {
            (double x, double y) = (values[i], values[i + distance]);
            a += x;
            b += y;
            aa += x * x;
            bb += y * y;
            ab += x * y;
        }

        double variances = (n * aa - a * a) * (n * bb - b * b);
        return variances > 0 ? (n * ab - a * b) / Math.Sqrt(variances) : 0;
    }
}
