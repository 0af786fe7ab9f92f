using System.Numerics;

namespace Inkling.Tests.Engine.Reference;

/// <summary>A number as <paramref name="Mantissa"/> · 2^<paramref name="Exponent"/>.</summary>
internal readonly record struct BigReal(BigInteger Mantissa, int Exponent);

/// <summary>
/// exp, ln, sin and cos in fixed-point integers of 320 fractional bits: the truth for functions of 53 bits. Slow, plain series.
/// </summary>
internal static class HighPrecision
{
    private const int Bits = 320;
    private static readonly BigInteger One = BigInteger.One << Bits;

    /// <summary>2·atanh(1/3).</summary>
    internal static BigInteger Ln2 { get; } = 2 * Atanh(One / 3);

    /// <summary>Machin 1706: π = 16·atan(1/5) − 4·atan(1/239).</summary>
    internal static BigInteger Pi { get; } = 16 * AtanOfInverse(5) - 4 * AtanOfInverse(239);

    internal static BigReal Exp(double x)
    {
        BigInteger value = ToFixed(x);
        BigInteger n = BigInteger.Divide(value, Ln2);
        BigInteger r = value - n * Ln2;
        BigInteger term = One;
        BigInteger sum = One;
        for (int k = 1; !term.IsZero && k < 400; k++)
        {
            term = Multiply(term, r) / k;
            sum += term;
        }

        return new BigReal(sum, (int)n - Bits);
    }

    internal static BigReal Log(double x)
    {
        (BigInteger mantissa, int exponent) = Split(x);
        int length = (int)mantissa.GetBitLength();
        BigInteger m = mantissa << Bits - length;
        BigInteger s = (m - One << Bits) / (m + One);
        return new BigReal(2 * Atanh(s) + (exponent + length) * Ln2, -Bits);
    }

    internal static BigReal Sin(double x) => SinOfQuadrant(x, 0);

    internal static BigReal Cos(double x) => SinOfQuadrant(x, 1);

    /// <summary>Distance of a double from the truth, in units of the last place of the double nearest to the truth.</summary>
    internal static double ErrorInUlp(double actual, BigReal truth)
    {
        int top = (int)BigInteger.Abs(truth.Mantissa).GetBitLength() - 1 + truth.Exponent;
        int ulp = Math.Max(top - 52, -1074);
        return AbsoluteErrorInUnits(actual, truth, ulp);
    }

    /// <summary>|actual − truth| / 2^unit.</summary>
    internal static double AbsoluteErrorInUnits(double actual, BigReal truth, int unit)
    {
        const int Guard = 40;
        (BigInteger mantissa, int exponent) = Split(actual);
        BigInteger a = Shift(mantissa, exponent - unit + Guard);
        BigInteger t = Shift(truth.Mantissa, truth.Exponent - unit + Guard);
        return (double)BigInteger.Abs(a - t) / (1L << Guard);
    }

    private static BigReal SinOfQuadrant(double x, int quadrants)
    {
        BigInteger halfPi = Pi >> 1;
        BigInteger value = ToFixed(x);
        BigInteger n = (2 * value + halfPi * value.Sign) / (2 * halfPi);
        BigInteger r = value - n * halfPi;
        int quadrant = (int)(((n + quadrants) % 4 + 4) % 4);
        BigInteger result = quadrant % 2 == 0 ? Alternating(r, r, 1) : Alternating(One, r, 0);
        return new BigReal(quadrant < 2 ? result : -result, -Bits);
    }

    /// <summary>first − first·r²/((p+1)(p+2)) + …</summary>
    private static BigInteger Alternating(BigInteger first, BigInteger r, int power)
    {
        BigInteger square = Multiply(r, r);
        BigInteger term = first;
        BigInteger sum = first;
        for (int k = power; !term.IsZero && k < 400; k += 2)
        {
            term = -Multiply(term, square) / ((k + 1) * (k + 2));
            sum += term;
        }

        return sum;
    }

    private static BigInteger Atanh(BigInteger s)
    {
        BigInteger square = Multiply(s, s);
        BigInteger sum = s;
        for ((BigInteger power, int k) = (Multiply(s, square), 3); !BigInteger.Abs(power).IsZero && k < 4000; k += 2)
        {
            sum += power / k;
            power = Multiply(power, square);
        }

        return sum;
    }

    private static BigInteger AtanOfInverse(int inverse)
    {
        BigInteger power = One / inverse;
        BigInteger sum = power;
        for (int k = 3; !power.IsZero; k += 2)
        {
            power /= -inverse * inverse;
            sum += power / k;
        }

        return sum;
    }

    private static BigInteger Multiply(BigInteger a, BigInteger b) => Shift(a * b, -Bits);

    /// <summary>Towards zero, so that series end.</summary>
    private static BigInteger Shift(BigInteger value, int bits) =>
        bits >= 0 ? value << bits : value / (BigInteger.One << -bits);

    private static BigInteger ToFixed(double x)
    {
        (BigInteger mantissa, int exponent) = Split(x);
        return Shift(mantissa, exponent + Bits);
    }

    private static (BigInteger Mantissa, int Exponent) Split(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int biased = (int)((bits >> 52) & 0x7FF);
        long fraction = bits & 0xFFFFFFFFFFFFF;
        long mantissa = biased == 0 ? fraction : fraction | (1L << 52);
        return (bits < 0 ? -mantissa : mantissa, Math.Max(biased, 1) - 1075);
    }
}
