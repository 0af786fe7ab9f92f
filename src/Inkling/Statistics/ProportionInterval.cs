namespace Inkling.Statistics;

/// <summary>What a counted share says about the share behind it.</summary>
/// <param name="Low">Lower end, 0 to 1.</param>
/// <param name="High">Upper end, 0 to 1.</param>
public readonly record struct ProportionInterval(double Low, double High)
{
    /// <summary>The standard normal's 97.5 % quantile.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>
    /// Wilson's score interval at 95 %: (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Stays inside [0, 1] and keeps
    /// its coverage near the ends, where classifiers live. Without trials nothing is known: [0, 1].
    /// </summary>
    /// <remarks>Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.</remarks>
    public static ProportionInterval Wilson95(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (trials == 0)
        {
            return new ProportionInterval(0, 1);
        }

        double n = trials;
        double share = successes / n;
        double center = share + Z * Z / (2 * n);
        double reach = Z * Math.Sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
        double shrink = 1 + Z * Z / n;

        // The ends are exact at 0 and 1; rounding must not take them outside, or off them.
        return new ProportionInterval(
            successes == 0 ? 0 : (center - reach) / shrink,
            successes == trials ? 1 : (center + reach) / shrink);
    }

    /// <summary>The interval of a rising function of the share.</summary>
    internal ProportionInterval Map(Func<double, double> rising) => new(rising(Low), rising(High));
}
