using Inkling.Statistics;

namespace Inkling.Quality;

/// <summary>Whether classes are as frequent as each other, and as frequent in every split.</summary>
internal static class BalanceChecks
{
    private const double MaxRatio = 2;

    /// <summary>Chance below which two splits' class frequencies count as different.</summary>
    private const double Significance = 0.001;

    public static IEnumerable<QualityCheck> Run(QualityContext context)
    {
        QualityImages images = context.Images;
        var counts = images.Splits.ToDictionary(split => split, split => CountClasses(images, split));
        foreach (string split in images.Splits)
        {
            yield return Balance(images, split, counts[split]);
        }

        if (counts.TryGetValue("test", out int[]? test))
        {
            yield return SameFrequencies(counts["train"], test);
        }
    }

    public static int[] CountClasses(QualityImages images, string split)
    {
        int[] counts = new int[images.Dataset.ClassNames.Count];
        foreach (int image in images.Members(split))
        {
            counts[images.Label(image)]++;
        }

        return counts;
    }

    private static QualityCheck Balance(QualityImages images, string split, int[] counts)
    {
        double expected = (double)counts.Sum() / counts.Length;
        double chiSquare = SampleStatistics.ChiSquare(counts.Select(count => ((double)count, expected)));
        double chance = SampleStatistics.ChiSquareTail(chiSquare, counts.Length - 1);
        double ratio = (double)counts.Max() / Math.Max(1, counts.Min());
        string Name(int count) => images.Dataset.ClassNames[Array.IndexOf(counts, count)];
        return new QualityCheck
        {
            Id = "class_balance",
            Title = "Class balance",
            Split = split,
            Value = ratio,
            Threshold = MaxRatio,
            Verdict = ratio > MaxRatio ? Verdict.Warning : Verdict.Passed,
            Finding = $"From {counts.Min():N0} images ({Name(counts.Min())}) to {counts.Max():N0} ({Name(counts.Max())}), 1 to {ratio:F2}. "
                + $"Chi-square against equal classes: {chiSquare:F1} with {counts.Length - 1} degrees of freedom, {(chance < Significance ? "p < 0.001: not uniform" : $"p = {chance:F3}")}.",
            Measure = ratio > MaxRatio
                ? "Collect more of the rare classes, and judge by the mean over classes."
                : "Figures are given per class and as means over classes.",
        };
    }

    private static QualityCheck SameFrequencies(int[] train, int[] test)
    {
        double trainSum = train.Sum();
        double testSum = test.Sum();
        double chiSquare = SampleStatistics.ChiSquare(train.Zip(test).SelectMany(pair =>
        {
            double share = (pair.First + pair.Second) / (trainSum + testSum);
            return new[] { ((double)pair.First, share * trainSum), (pair.Second, share * testSum) };
        }));
        double chance = SampleStatistics.ChiSquareTail(chiSquare, train.Length - 1);
        return new QualityCheck
        {
            Id = "class_shift",
            Title = "Same classes in train and test",
            Split = "all",
            Value = 1 - chance,
            Threshold = 1 - Significance,
            Verdict = chance < Significance ? Verdict.Warning : Verdict.Passed,
            Finding =
                $"Chi-square between the splits' class counts: {chiSquare:F1} with {train.Length - 1} degrees of freedom, p = {chance:G3}.",
            Measure = chance < Significance ? "Draw the splits anew, stratified." : "None needed.",
        };
    }
}
