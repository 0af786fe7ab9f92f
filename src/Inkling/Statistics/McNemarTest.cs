using Inkling.Engine;

namespace Inkling.Statistics;

/// <summary>Whether two classifiers that were asked the same differ by more than luck.</summary>
internal static class McNemarTest
{
    /// <summary>
    /// The exact two-sided p-value: were both equally good, each disagreement would be a fair coin's, so it is
    /// min(1, 2·P(X ≤ min(a, b))) with X ~ Binomial(a + b, ½).
    /// </summary>
    /// <param name="onlyFirst">Samples that only the first has right, a.</param>
    /// <param name="onlySecond">Samples that only the second has right, b.</param>
    /// <remarks>Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions", 1947.</remarks>
    public static double ExactPValue(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int few = Math.Min(onlyFirst, onlySecond);
        int all = onlyFirst + onlySecond;

        // ln P(X = few), then P(X = k) / P(X = few) downwards: no term leaves the range of a double before it is too small to count.
        double logTerm = all * DeterministicMath.Log(0.5);
        for (int k = 1; k <= few; k++)
        {
            logTerm += DeterministicMath.Log((double)(all - few + k) / k);
        }

        double term = 1;
        double sum = 0;
        for (int k = few; k >= 0; k--)
        {
            sum += term;
            term *= (double)k / (all - k + 1);
        }

        return Math.Min(1, 2 * sum * DeterministicMath.Exp(logTerm));
    }
}
