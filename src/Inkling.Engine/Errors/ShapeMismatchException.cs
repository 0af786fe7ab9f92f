namespace Inkling.Engine;

/// <summary>Shapes or counts that have to agree don't.</summary>
public sealed class ShapeMismatchException : InklingException
{
    /// <summary>Names the place, what it needs and what it got.</summary>
    public ShapeMismatchException(string place, string expected, string actual)
        : base($"{place}: expected {expected}, got {actual}")
    {
        Place = place;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>Layer, tensor or argument.</summary>
    public string Place { get; }

    /// <summary>What it needs.</summary>
    public string Expected { get; }

    /// <summary>What it got.</summary>
    public string Actual { get; }
}
