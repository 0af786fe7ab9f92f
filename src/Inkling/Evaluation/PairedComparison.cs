using System.Collections.Immutable;
using Inkling.Statistics;

namespace Inkling.Evaluation;

/// <summary>Two classifiers' answers to the same samples, side by side.</summary>
public sealed record PairedComparison
{
    /// <summary>A p-value below this is more than luck.</summary>
    public const double Significance = 0.05;

    private PairedComparison(int bothRight, int onlyFirst, int onlySecond, int bothWrong, ImmutableArray<int> differing)
    {
        BothRight = bothRight;
        OnlyFirst = onlyFirst;
        OnlySecond = onlySecond;
        BothWrong = bothWrong;
        Differing = differing;
        PValue = McNemarTest.ExactPValue(onlyFirst, onlySecond);
        DifferenceInterval95 = Newcombe95();
    }

    /// <summary>Samples that both have right.</summary>
    public int BothRight { get; }

    /// <summary>Samples that only the first has right.</summary>
    public int OnlyFirst { get; }

    /// <summary>Samples that only the second has right.</summary>
    public int OnlySecond { get; }

    /// <summary>Samples that both have wrong, with the same answer or with two.</summary>
    public int BothWrong { get; }

    /// <summary>Positions of the samples that got two different answers, ascending.</summary>
    public ImmutableArray<int> Differing { get; }

    /// <summary>Number of samples N.</summary>
    public int Count => BothRight + OnlyFirst + OnlySecond + BothWrong;

    /// <summary>Share that the first has right.</summary>
    public double FirstAccuracy => (double)(BothRight + OnlyFirst) / Count;

    /// <summary>Share that the second has right.</summary>
    public double SecondAccuracy => (double)(BothRight + OnlySecond) / Count;

    /// <summary>The first's accuracy less the second's.</summary>
    public double Difference => (double)(OnlyFirst - OnlySecond) / Count;

    /// <summary>95 % interval of <see cref="Difference"/>, for pairs.</summary>
    /// <remarks>
    /// Newcombe's: the ends of both Wilson intervals, squared and added, less what the correlation φ of the pairs takes away; φ is
    /// corrected
    /// for continuity. It is no inversion of the test: at the border one may say what the other doesn't.
    /// Source: R. G. Newcombe, "Improved confidence intervals for the difference between binomial proportions based on paired
    /// data", 1998, method 10.
    /// </remarks>
    public (double Low, double High) DifferenceInterval95 { get; }

    /// <summary>Of McNemar's exact two-sided test: how often two equally good classifiers would differ at least so much.</summary>
    public double PValue { get; }

    /// <summary>What may be said of the first against the second.</summary>
    public ComparisonOutcome Outcome =>
        PValue >= Significance ? ComparisonOutcome.NotDistinguishable
        : OnlyFirst > OnlySecond ? ComparisonOutcome.Better
        : ComparisonOutcome.Worse;

    /// <summary>Compares.</summary>
    /// <param name="labels">[N] true classes, at least one.</param>
    /// <param name="first">[N] answers.</param>
    /// <param name="second">[N] answers.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there is nothing to compare.</exception>
    public static PairedComparison Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        if (labels.IsEmpty || first.Length != labels.Length || second.Length != labels.Length)
        {
            throw new ArgumentException($"{labels.Length} labels, {first.Length} and {second.Length} answers do not pair up.");
        }

        Span<int> counts = stackalloc int[4];
        ImmutableArray<int>.Builder differing = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < labels.Length; i++)
        {
            counts[(first[i] == labels[i] ? 0 : 2) + (second[i] == labels[i] ? 0 : 1)]++;
            if (first[i] != second[i])
            {
                differing.Add(i);
            }
        }

        return new PairedComparison(counts[0], counts[1], counts[2], counts[3], differing.ToImmutable());
    }

    private (double Low, double High) Newcombe95()
    {
        ProportionInterval first = ProportionInterval.Wilson95(BothRight + OnlyFirst, Count);
        ProportionInterval second = ProportionInterval.Wilson95(BothRight + OnlySecond, Count);
        double correlation = Correlation();
        return (
            Difference - Reach(FirstAccuracy - first.Low, second.High - SecondAccuracy, correlation),
            Difference + Reach(first.High - FirstAccuracy, SecondAccuracy - second.Low, correlation));
    }

    private double Correlation()
    {
        double product = (double)BothRight * BothWrong - (double)OnlyFirst * OnlySecond;
        double corrected = product > 0 ? Math.Max(product - Count / 2.0, 0) : product;
        double scale = Math.Sqrt(
            (double)(BothRight + OnlyFirst) * (OnlySecond + BothWrong) * (BothRight + OnlySecond) * (OnlyFirst + BothWrong));
        return scale > 0 ? corrected / scale : 0;
    }

    private static double Reach(double first, double second, double correlation) =>
        Math.Sqrt(first * first - 2 * correlation * first * second + second * second);
}

/// <summary>What may be said of one classifier against another.</summary>
public enum ComparisonOutcome
{
    /// <summary>The difference may be luck.</summary>
    NotDistinguishable,

    /// <summary>It is right more often, by more than luck.</summary>
    Better,

    /// <summary>It is right less often, by more than luck.</summary>
    Worse,
}
