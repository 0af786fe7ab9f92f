using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Statistics;
using Inkling.Tests.Support;

namespace Inkling.Tests.Evaluation;

/// <summary>Means over seeds and paired comparisons against SciPy's numbers (Fixtures/Evaluation/make_statistics.py).</summary>
public sealed class StatisticsTests
{
    private const double Relative = 1e-12;

    /// <summary>SciPy's binomial test and ours sum some thousand terms in different orders.</summary>
    private const double RelativeOfSums = 1e-10;

    private static readonly StatisticsFile Expected = Fixture.Json<StatisticsFile>("Evaluation", "statistics.json");

    [Fact]
    public void Quantile_OfStudent_IsSciPys()
    {
        Assert.Equal(32, Expected.Quantiles.Length);
        Assert.All(Expected.Quantiles, given => AssertClose(given.T, StudentDistribution.Quantile975(given.Degrees), Relative));
    }

    [Fact]
    public void Estimate_OfMeans_IsSciPys() => Assert.All(Expected.Means, given =>
    {
        MeanEstimate estimate = MeanEstimate.Of(given.Values);

        Assert.Equal(given.Values.Length, estimate.Count);
        AssertClose(given.Mean, estimate.Mean, Relative);
        AssertClose(given.Sd, estimate.StandardDeviation!.Value, RelativeOfSums);
        AssertClose(given.Interval[0], estimate.Interval95!.Value.Low, RelativeOfSums);
        AssertClose(given.Interval[1], estimate.Interval95!.Value.High, RelativeOfSums);
    });

    [Fact]
    public void Estimate_OfOneRun_HasNoSpread()
    {
        Assert.Equal(new MeanEstimate(1, 0.9, null, null), MeanEstimate.Of([0.9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeanEstimate.Of([]));
    }

    [Fact]
    public void Comparison_OfCounts_IsSciPysAndNewcombes() => Assert.All(Expected.Paired, given =>
    {
        PairedComparison comparison = Compare(given.Counts);

        Assert.Equal<IEnumerable<int>>(
            given.Counts, [comparison.BothRight, comparison.OnlyFirst, comparison.OnlySecond, comparison.BothWrong]);
        AssertClose(given.PValue, comparison.PValue, RelativeOfSums);
        Assert.Equal(given.Interval[0], comparison.DifferenceInterval95.Low, 1e-12);
        Assert.Equal(given.Interval[1], comparison.DifferenceInterval95.High, 1e-12);
    });

    /// <summary>The example of Newcombe's paper: 36, 12, 2 and 0 give 0.0569 to 0.3404.</summary>
    [Fact]
    public void Interval_OfThePapersExample_IsThePapers()
    {
        (double low, double high) = Compare([36, 12, 2, 0]).DifferenceInterval95;

        Assert.Equal((0.0569, 0.3404), (Math.Round(low, 4), Math.Round(high, 4)));
    }

    [Theory]
    [InlineData(20, 5, ComparisonOutcome.Better)]
    [InlineData(5, 20, ComparisonOutcome.Worse)]
    [InlineData(0, 6, ComparisonOutcome.Worse)]
    [InlineData(0, 5, ComparisonOutcome.NotDistinguishable)]
    [InlineData(12, 9, ComparisonOutcome.NotDistinguishable)]
    [InlineData(0, 0, ComparisonOutcome.NotDistinguishable)]
    public void Comparison_SaysOnlyWhatTheTestAllows(int onlyFirst, int onlySecond, ComparisonOutcome outcome) =>
        Assert.Equal(outcome, Compare([900, onlyFirst, onlySecond, 50]).Outcome);

    [Fact]
    public void Comparison_BothWrongWithTwoAnswers_IsADifference()
    {
        PairedComparison comparison = PairedComparison.Of([0, 0, 1, 2], [0, 1, 1, 0], [0, 2, 1, 0]);

        Assert.Equal([1], comparison.Differing);
        Assert.Equal(2, comparison.BothWrong);
    }

    [Fact]
    public void Comparison_OfUnequalLengths_Throws()
    {
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([0, 1], [0, 1], [0]));
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([], [], []));
    }

    /// <summary>
    /// Over every table that 40 pairs can give, weighted by its probability: the interval holds the true difference as often as it says, or
    /// more often.
    /// </summary>
    [Theory]
    [InlineData(0.80, 0.08, 0.04, 0.08)]
    [InlineData(0.50, 0.30, 0.10, 0.10)]
    [InlineData(0.92, 0.03, 0.02, 0.03)]
    public void Interval_OverAllTables_CoversTheTrueDifference(double both, double first, double second, double neither)
    {
        const int N = 40;
        double covered = 0;
        double all = 0;
        for (int a = 0; a <= N; a++)
        {
            for (int b = 0; b <= N - a; b++)
            {
                for (int c = 0; c <= N - a - b; c++)
                {
                    int d = N - a - b - c;
                    double probability = Multinomial([a, b, c, d], [both, first, second, neither]);
                    all += probability;
                    if (probability > 1e-9)
                    {
                        (double low, double high) = Compare([a, b, c, d]).DifferenceInterval95;
                        covered += low <= first - second && first - second <= high ? probability : 0;
                    }
                }
            }
        }

        Assert.Equal(1, all, 1e-9);
        Assert.InRange(covered, 0.935, 1);
    }

    private static PairedComparison Compare(int[] counts)
    {
        int[] first = [.. Answers(counts, [0, 0, 1, 1])];
        int[] second = [.. Answers(counts, [0, 1, 0, 1])];
        return PairedComparison.Of(new int[counts.Sum()], first, second);
    }

    private static IEnumerable<int> Answers(int[] counts, int[] answers) =>
        counts.Zip(answers).SelectMany(pair => Enumerable.Repeat(pair.Second, pair.First));

    private static double Multinomial(int[] counts, double[] shares)
    {
        double log = LogFactorial(counts.Sum());
        for (int i = 0; i < counts.Length; i++)
        {
            log += counts[i] * DeterministicMath.Log(shares[i]) - LogFactorial(counts[i]);
        }

        return DeterministicMath.Exp(log);
    }

    private static double LogFactorial(int n) => Enumerable.Range(1, n).Sum(k => DeterministicMath.Log(k));

    private static void AssertClose(double expected, double actual, double relative) =>
        Assert.InRange(actual, expected - Math.Abs(expected) * relative, expected + Math.Abs(expected) * relative);

    private sealed record StatisticsFile(QuantileCase[] Quantiles, MeanCase[] Means, PairedCase[] Paired);

    private sealed record QuantileCase(int Degrees, double T);

    private sealed record MeanCase(double[] Values, double Mean, double Sd, double[] Interval);

    private sealed record PairedCase(int[] Counts, double PValue, double[] Interval);
}
