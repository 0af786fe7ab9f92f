using System.Globalization;

namespace Inkling.Serialization;

/// <summary>The numbers between two ends, each end in or out; written as in mathematics, e.g. <c>[0, 1)</c>.</summary>
internal readonly record struct Interval(double Low, double High, bool LowOpen = false, bool HighOpen = false)
{
    public bool Contains(double value) =>
        (LowOpen ? value > Low : value >= Low) && (HighOpen ? value < High : value <= High);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(LowOpen ? '(' : '[')}{Low:R}, {High:R}{(HighOpen ? ')' : ']')}");
}
