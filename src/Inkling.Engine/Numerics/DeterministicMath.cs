namespace Inkling.Engine;

/// <summary>
/// The elementary functions that reach a weight or a published number, built from IEEE 754 operations alone, so that
/// every platform gives the same bits. The platform's own <c>exp</c>, <c>log</c>, <c>sin</c> and <c>cos</c> do not.
/// </summary>
/// <remarks>
/// All arithmetic is double precision with explicit fused multiply-adds where written and none elsewhere. Argument
/// reduction by Cody and Waite, then the Taylor series on the reduced interval; error below 3 units in the last place of
/// a double over the stated ranges, or for sine and cosine below 2⁻⁶⁶ where that is more, which is near their zeros
/// (measured by the tests against 320-bit arithmetic).
/// </remarks>
public static class DeterministicMath
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2High = 0.693147180369123816490; // 33 significant bits: n·Ln2High is exact for |n| < 2^20
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double HalfPiHigh = 1.5707963267341256; // 33 significant bits
    private const double HalfPiLow = 6.077100506506192e-11;

    /// <summary>eˣ. Below −745 the result is 0, above 709.78 it is +∞; NaN gives NaN.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return double.NaN;
        }

        if (x > 709.782712893384)
        {
            return double.PositiveInfinity;
        }

        if (x < -745.2)
        {
            return 0;
        }

        double n = Math.Round(x * Log2E);
        double r = Math.FusedMultiplyAdd(-n, Ln2Low, Math.FusedMultiplyAdd(-n, Ln2High, x));

        // |r| ≤ ln2 / 2: fourteen terms leave less than 2^-58.
        double sum = 1.0 / 6227020800;
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 479001600);
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 39916800);
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 3628800);
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 362880);
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 40320);
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 5040);
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 720);
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 120);
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 24);
        sum = Math.FusedMultiplyAdd(sum, r, 1.0 / 6);
        sum = Math.FusedMultiplyAdd(sum, r, 0.5);
        sum = Math.FusedMultiplyAdd(sum, r, 1);
        sum = Math.FusedMultiplyAdd(sum, r, 1);

        // In two steps, so that the scale itself never leaves the normal range.
        int power = (int)n;
        int half = power / 2;
        return sum * PowerOfTwo(half) * PowerOfTwo(power - half);
    }

    /// <summary>ln x for x &gt; 0; 0 gives −∞, negative values and NaN give NaN.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
        {
            return double.NaN;
        }

        if (x == 0)
        {
            return double.NegativeInfinity;
        }

        if (double.IsPositiveInfinity(x))
        {
            return x;
        }

        int exponent = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= PowerOfTwo(54);
            exponent = -54;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)((bits >> 52) & 0x7FF) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        // ln m = 2·atanh s with s = (m − 1)/(m + 1), |s| ≤ 0.1716: twelve odd terms leave less than 2^-60.
        double s = (m - 1) / (m + 1);
        double z = s * s;
        double sum = 1.0 / 23;
        for (int k = 21; k >= 3; k -= 2)
        {
            sum = Math.FusedMultiplyAdd(sum, z, 1.0 / k);
        }

        double tail = s * z * sum;
        double log = 2 * s + 2 * tail;
        return Math.FusedMultiplyAdd(exponent, Ln2High, Math.FusedMultiplyAdd(exponent, Ln2Low, log));
    }

    /// <summary>sin x for |x| ≤ 2²⁰ radians.</summary>
    public static double Sin(double x) => SinOfQuadrant(x, 0);

    /// <summary>cos x for |x| ≤ 2²⁰ radians.</summary>
    public static double Cos(double x) => SinOfQuadrant(x, 1);

    private static double SinOfQuadrant(double x, int quadrants)
    {
        if (!(Math.Abs(x) <= 1 << 20))
        {
            return double.NaN;
        }

        double n = Math.Round(x / (HalfPiHigh + HalfPiLow));
        double r = Math.FusedMultiplyAdd(-n, HalfPiLow, Math.FusedMultiplyAdd(-n, HalfPiHigh, x));
        double z = r * r;
        double value = (((int)n + quadrants) & 1) == 0 ? SinSeries(r, z) : CosSeries(z);
        return (((int)n + quadrants) & 2) == 0 ? value : -value;
    }

    private static double SinSeries(double r, double z)
    {
        double sum = -1.0 / 1307674368000;
        sum = Math.FusedMultiplyAdd(sum, z, 1.0 / 6227020800);
        sum = Math.FusedMultiplyAdd(sum, z, -1.0 / 39916800);
        sum = Math.FusedMultiplyAdd(sum, z, 1.0 / 362880);
        sum = Math.FusedMultiplyAdd(sum, z, -1.0 / 5040);
        sum = Math.FusedMultiplyAdd(sum, z, 1.0 / 120);
        sum = Math.FusedMultiplyAdd(sum, z, -1.0 / 6);
        return Math.FusedMultiplyAdd(r * z, sum, r);
    }

    private static double CosSeries(double z)
    {
        double sum = 1.0 / 20922789888000;
        sum = Math.FusedMultiplyAdd(sum, z, -1.0 / 87178291200);
        sum = Math.FusedMultiplyAdd(sum, z, 1.0 / 479001600);
        sum = Math.FusedMultiplyAdd(sum, z, -1.0 / 3628800);
        sum = Math.FusedMultiplyAdd(sum, z, 1.0 / 40320);
        sum = Math.FusedMultiplyAdd(sum, z, -1.0 / 720);
        sum = Math.FusedMultiplyAdd(sum, z, 1.0 / 24);
        sum = Math.FusedMultiplyAdd(sum, z, -0.5);
        return Math.FusedMultiplyAdd(sum, z, 1);
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
}
