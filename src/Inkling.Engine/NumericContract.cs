namespace Inkling.Engine;

/// <summary>The set of rules that fixes every bit of a result: docs/numerics.md.</summary>
public static class NumericContract
{
    /// <summary>Raised by any change that changes a bit anywhere.</summary>
    public const int Number = 3;
}
