using Inkling.Statistics;

namespace Inkling.Quality;

/// <summary>Whether one simple measurement gives the label away, so that a model need not look at what is shown.</summary>
/// <remarks>
/// A measurement's values are cut into 20 parts of equal frequency; the likeliest class of each, learned on even images,
/// is the guess for the odd ones. Value: what the guess gains over always naming the most frequent class, as a share of
/// what there is to gain.
/// </remarks>
internal static class ShortcutChecks
{
    private const double Threshold = 0.5;
    private const int Parts = 20;

    public static IEnumerable<QualityCheck> Run(QualityContext context)
    {
        QualityImages images = context.Images;
        List<(string Name, float[] Values)> measurements =
            [.. ImageProperties.Comparable.Select(property => (property.Name, Array.ConvertAll(context.Properties, p => property.Of(p))))];
        if (images.Sets.All(set => set.Origin is not null))
        {
            measurements.Add(
                ("original width", [.. images.Sets.SelectMany(set => set.Origin!.Shapes).Select(shape => (float)shape.Width)]));
            measurements.Add(
                ("original height", [.. images.Sets.SelectMany(set => set.Origin!.Shapes).Select(shape => (float)shape.Height)]));
        }

        (string name, double gain) = measurements.Select(entry => (entry.Name, Gain: Gain(images, entry.Values))).MaxBy(
            entry => entry.Gain);
        yield return new QualityCheck
        {
            Id = "shortcuts",
            Title = "Shortcuts to the label",
            Split = "all",
            Value = gain,
            Threshold = Threshold,
            Verdict = gain > Threshold ? Verdict.Warning : Verdict.Passed,
            Finding = $"The label is best guessed from {name}: {gain:P0} of the way from the most frequent class to certainty.",
            Measure = gain > Threshold ? "Make sure that this isn't how the pictures were collected." : "None needed.",
        };
    }

    private static double Gain(QualityImages images, float[] values)
    {
        float[] ordered = [.. values.Order()];
        float[] cuts = [.. Enumerable.Range(1, Parts - 1).Select(part => SampleStatistics.Quantile(ordered, (double)part / Parts))
            .Distinct()];
        int classes = images.Dataset.ClassNames.Count;
        int[,] counts = new int[cuts.Length + 1, classes];
        int[] totals = new int[classes];
        for (int i = 0; i < values.Length; i += 2)
        {
            counts[PartOf(cuts, values[i]), images.Label(i)]++;
            totals[images.Label(i)]++;
        }

        int frequent = Array.IndexOf(totals, totals.Max());
        int right = 0;
        int usual = 0;
        int asked = 0;
        for (int i = 1; i < values.Length; i += 2, asked++)
        {
            int part = PartOf(cuts, values[i]);
            int guess = Enumerable.Range(0, classes).MaxBy(c => counts[part, c]);
            right += guess == images.Label(i) ? 1 : 0;
            usual += frequent == images.Label(i) ? 1 : 0;
        }

        return asked == usual ? 0 : Math.Max(0, (double)(right - usual) / (asked - usual));
    }

    private static int PartOf(float[] cuts, float value)
    {
        int place = Array.BinarySearch(cuts, value);
        return place >= 0 ? place + 1 : ~place;
    }
}
