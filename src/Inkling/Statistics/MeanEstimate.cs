namespace Inkling.Statistics;

/// <summary>What several runs say about the mean of all that there could be.</summary>
/// <param name="Count">Number of runs n.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Theirs, with n − 1 below the root; null for a single run.</param>
/// <param name="Interval95">Student's 95 % interval of the mean, mean ± t·sd/√n; null for a single run.</param>
public sealed record MeanEstimate(int Count, double Mean, double? StandardDeviation, (double Low, double High)? Interval95)
{
    /// <summary>Estimates.</summary>
    /// <param name="values">One a run; at least one.</param>
    public static MeanEstimate Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        double mean = values.Average();
        if (values.Count == 1)
        {
            return new MeanEstimate(1, mean, null, null);
        }

        double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        double reach = StudentDistribution.Quantile975(values.Count - 1) * deviation / Math.Sqrt(values.Count);
        return new MeanEstimate(values.Count, mean, deviation, (mean - reach, mean + reach));
    }
}
