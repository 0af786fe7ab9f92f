using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Inkling.Engine;
using Inkling.Tests.Engine.Reference;

namespace Inkling.Tests.Engine.Numerics;

public sealed class DeterministicMathTests
{
    /// <summary>What the documentation of <see cref="DeterministicMath"/> promises.</summary>
    private const double ClaimedUlp = 3;

    /// <summary>Sine and cosine promise 2^-66 instead where that is more: near their zeros.</summary>
    private const int ClaimedSinusBits = -66;

    private const int Samples = 4000;

    private const string GoldenHash = "fbb96917920e046419acdebe9fd4041b63b148ed0e8a9577e3ff984027325402";

    /// <summary>50 digits as tabulated (OEIS A001113, A002162, A000796), so that the oracle itself is checked.</summary>
    [Fact]
    public void HighPrecision_KnownConstants_HasTheirDigits()
    {
        BigReal e = HighPrecision.Exp(1);

        Assert.Equal("2.71828182845904523536028747135266249775724709369995", Digits(e.Mantissa, -e.Exponent));
        Assert.Equal("0.69314718055994530941723212145817656807550013436025", Digits(HighPrecision.Ln2, 320));
        Assert.Equal("3.14159265358979323846264338327950288419716939937510", Digits(HighPrecision.Pi, 320));
    }

    [Theory]
    [InlineData(-745, 709.7)]
    [InlineData(-40, 40)]
    [InlineData(-1, 1)]
    [InlineData(-1e-6, 1e-6)]
    public void Exp_AcrossTheRange_ErrsByLessThanClaimed(double low, double high)
    {
        double worst = Worst(low, high, x => HighPrecision.ErrorInUlp(DeterministicMath.Exp(x), HighPrecision.Exp(x)));

        Assert.InRange(worst, 0, ClaimedUlp);
    }

    [Theory]
    [InlineData(0.9, 1.1)]
    [InlineData(0.5, 2)]
    [InlineData(1e-8, 1e8)]
    [InlineData(0, 1e300)]
    [InlineData(0, 2e-308)]
    public void Log_AcrossTheRange_ErrsByLessThanClaimed(double low, double high)
    {
        double worst = Worst(
            low, high, x => x is 0 or 1 ? 0 : HighPrecision.ErrorInUlp(DeterministicMath.Log(x), HighPrecision.Log(x)));

        Assert.InRange(worst, 0, ClaimedUlp);
    }

    [Theory]
    [InlineData(-1e-4, 1e-4)]
    [InlineData(-7, 7)]
    [InlineData(-1000, 1000)]
    [InlineData(-1048576, 1048576)]
    public void SinAndCos_AcrossTheRange_ErrByLessThanClaimed(double low, double high)
    {
        double worst = Worst(low, high, x => Math.Max(
            SinusError(DeterministicMath.Sin(x), HighPrecision.Sin(x)),
            SinusError(DeterministicMath.Cos(x), HighPrecision.Cos(x))));

        Assert.InRange(worst, 0, 1);
    }

    [Fact]
    public void SinAndCos_NearestDoublesToTheirZeros_ErrByLessThanClaimed()
    {
        double worst = 0;
        for (int n = 1; n < 667_000; n += 331)
        {
            double x = n * (Math.PI / 2);
            worst = Math.Max(worst, SinusError(DeterministicMath.Sin(x), HighPrecision.Sin(x)));
            worst = Math.Max(worst, SinusError(DeterministicMath.Cos(x), HighPrecision.Cos(x)));
        }

        Assert.InRange(worst, 0, 1);
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(double.Epsilon, 1.0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0.0)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(709.782712893384, 1.7976931348622732E+308)] // the last argument before overflow
    [InlineData(709.7827128933841, double.PositiveInfinity)]
    [InlineData(-745.1332191019411, double.Epsilon)] // the last one before everything rounds to 0
    [InlineData(-745.1332191019412, 0.0)]
    [InlineData(-746, 0.0)]
    public void Exp_SpecialValue_GivesIeeeResult(double x, double expected)
    {
        Assert.Equal(expected, DeterministicMath.Exp(x));
    }

    [Theory]
    [InlineData(1.0, 0.0)]
    [InlineData(0.0, double.NegativeInfinity)]
    [InlineData(-1.0, double.NaN)]
    [InlineData(double.NegativeInfinity, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.Epsilon, -744.4400719213812)]
    [InlineData(double.MaxValue, 709.782712893384)]
    public void Log_SpecialValue_GivesIeeeResult(double x, double expected)
    {
        Assert.Equal(expected, DeterministicMath.Log(x));
    }

    [Theory]
    [InlineData(0.0, 0.0, 1.0)]
    [InlineData(double.Epsilon, double.Epsilon, 1.0)]
    [InlineData(double.NaN, double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.NaN, double.NaN)]
    [InlineData(1048577.0, double.NaN, double.NaN)] // beyond the stated range: refused, not wrong
    public void SinAndCos_SpecialValue_GiveStatedResult(double x, double sin, double cos)
    {
        Assert.Equal(sin, DeterministicMath.Sin(x));
        Assert.Equal(cos, DeterministicMath.Cos(x));
    }

    [Fact]
    public void EachFunction_NegativeZero_CountsAsZero()
    {
        Assert.Equal(1, DeterministicMath.Exp(-0.0));
        Assert.Equal(double.NegativeInfinity, DeterministicMath.Log(-0.0));
        Assert.True(DeterministicMath.Sin(-0.0) == 0);
        Assert.Equal(1, DeterministicMath.Cos(-0.0));
    }

    /// <summary>Bits at a few arguments. Other bits are another numeric contract, whatever their accuracy.</summary>
    [Theory]
    [InlineData("exp", -700.5, 0x00C4FF475C68CA02UL)]
    [InlineData("exp", -1.0, 0x3FD78B56362CEF38UL)]
    [InlineData("exp", 0.1, 0x3FF1AEC7B35A00D4UL)]
    [InlineData("exp", 88.7, 0x47EF4705BBFFAE5CUL)]
    [InlineData("log", 1e-310, 0xC0864E69394D9508UL)]
    [InlineData("log", 0.3, 0xBFF34378FCBDA721UL)]
    [InlineData("log", 2.0, 0x3FE62E42FEFA39EFUL)]
    [InlineData("log", 12345.678, 0x4022D79559791E31UL)]
    [InlineData("sin", -3.0, 0xBFC210386DB6D55BUL)]
    [InlineData("sin", 0.5, 0x3FDEAEE8744B05F0UL)]
    [InlineData("sin", 2.0, 0x3FED18F6EAD1B446UL)]
    [InlineData("sin", 1000000.5, 0x3FC22B9252DC614DUL)]
    [InlineData("cos", -3.0, 0xBFEFAE04BE85E5D2UL)]
    [InlineData("cos", 0.5, 0x3FEC1528065B7D50UL)]
    [InlineData("cos", 1.5, 0x3FB21BD54FC5F9A7UL)]
    [InlineData("cos", 1000000.5, 0x3FEFAD0A779BE88EUL)]
    public void EachFunction_GoldenArgument_GivesGoldenBits(string function, double x, ulong bits)
    {
        Assert.Equal(bits, BitConverter.DoubleToUInt64Bits(Apply(function, x)));
    }

    [Fact]
    public void EachFunction_ManyArguments_GivesGoldenHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = -2000; i <= 2000; i++)
        {
            double x = i * 0.34375;
            foreach (double y in (double[])
                [DeterministicMath.Exp(x), DeterministicMath.Log(Math.Abs(x)), DeterministicMath.Sin(x), DeterministicMath.Cos(x)])
            {
                hash.AppendData(BitConverter.GetBytes(y));
            }
        }

        string actual = Convert.ToHexStringLower(hash.GetHashAndReset());
        Assert.True(actual == GoldenHash, actual);
    }

    private static double Apply(string function, double x) => function switch
    {
        "exp" => DeterministicMath.Exp(x),
        "log" => DeterministicMath.Log(x),
        "sin" => DeterministicMath.Sin(x),
        "cos" => DeterministicMath.Cos(x),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>Error as a share of what is allowed.</summary>
    private static double SinusError(double actual, BigReal truth) => Math.Min(
        HighPrecision.ErrorInUlp(actual, truth) / ClaimedUlp,
        HighPrecision.AbsoluteErrorInUnits(actual, truth, ClaimedSinusBits));

    private static double Worst(double low, double high, Func<double, double> error)
    {
        var random = new RandomStream(Seed: 20261122, RandomPurpose.Split);
        double worst = Math.Max(error(low), error(high));
        for (uint i = 0; i < Samples; i++)
        {
            // 48 random bits, so that low mantissa bits vary too.
            double u = (random.Bits(2 * i) + random.Bits(2 * i + 1) / 4294967296.0) / 4294967296.0;
            worst = Math.Max(worst, error(low + (high - low) * u));
        }

        return worst;
    }

    private static string Digits(BigInteger mantissa, int fractionBits)
    {
        string digits = (mantissa * BigInteger.Pow(10, 50) >> fractionBits).ToString(CultureInfo.InvariantCulture).PadLeft(51, '0');
        return digits[..1] + "." + digits[1..];
    }
}
