using Inkling.Engine;

namespace Inkling.Statistics;

/// <summary>The few distributions and robust measures that the checks need.</summary>
internal static class SampleStatistics
{
    /// <summary>The lower median; 0 of nothing.</summary>
    public static float Median(IEnumerable<float> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>Of ascending values.</summary>
    public static float Quantile(float[] ordered, double share) =>
        ordered.Length == 0 ? 0 : ordered[(int)((ordered.Length - 1) * share)];

    /// <summary>Σ (observed − expected)² / expected over cells that expect something.</summary>
    public static double ChiSquare(IEnumerable<(double Observed, double Expected)> cells) =>
        cells.Where(cell => cell.Expected > 0).Sum(
            cell => (cell.Observed - cell.Expected) * (cell.Observed - cell.Expected) / cell.Expected);

    /// <summary>Probability of a chi-square at least as large: the regularised upper incomplete gamma function Q(k/2, x/2).</summary>
    /// <remarks>
    /// Series below k/2 + 1, continued fraction (Lentz) above; Numerical Recipes, section 6.2. Relative error below 1e-10.
    /// </remarks>
    public static double ChiSquareTail(double chiSquare, int degreesOfFreedom)
    {
        double a = degreesOfFreedom / 2.0;
        double x = chiSquare / 2;
        if (x <= 0 || degreesOfFreedom < 1)
        {
            return 1;
        }

        double scale = DeterministicMath.Exp(a * DeterministicMath.Log(x) - x - LogGamma(a));
        return x < a + 1 ? Math.Max(0, 1 - scale * Series(a, x)) : scale * Fraction(a, x);
    }

    /// <summary>Largest distance between two cumulative distributions (Kolmogorov and Smirnov).</summary>
    public static double KolmogorovSmirnov(float[] first, float[] second)
    {
        Array.Sort(first);
        Array.Sort(second);
        double largest = 0;
        int i = 0;
        int k = 0;
        while (i < first.Length && k < second.Length)
        {
            float value = Math.Min(first[i], second[k]);
            while (i < first.Length && first[i] <= value)
            {
                i++;
            }

            while (k < second.Length && second[k] <= value)
            {
                k++;
            }

            largest = Math.Max(largest, Math.Abs((double)i / first.Length - (double)k / second.Length));
        }

        return largest;
    }

    private static double Series(double a, double x)
    {
        double term = 1 / a;
        double sum = term;
        for (double n = a + 1; Math.Abs(term) > sum * 1e-15; n++)
        {
            term *= x / n;
            sum += term;
        }

        return sum;
    }

    private static double Fraction(double a, double x)
    {
        const double Tiny = 1e-300;
        double b = x + 1 - a;
        double c = 1 / Tiny;
        double d = 1 / b;
        double h = d;
        for (int i = 1; i < 10_000; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = 1 / NotZero(an * d + b);
            c = NotZero(b + an / c);
            h *= d * c;
            if (Math.Abs(d * c - 1) < 1e-15)
            {
                break;
            }
        }

        return h;

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }

    /// <summary>Lanczos' approximation with g = 5 and six terms.</summary>
    private static double LogGamma(double x)
    {
        double[] coefficients =
            [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
        double sum = 1.000000000190015;
        for (int i = 0; i < coefficients.Length; i++)
        {
            sum += coefficients[i] / (x + 1 + i);
        }

        double t = x + 5.5;
        return (x + 0.5) * DeterministicMath.Log(t) - t + DeterministicMath.Log(2.5066282746310005 * sum / x);
    }
}
