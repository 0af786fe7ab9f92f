namespace Inkling.Quality;

/// <summary>What a check concludes, in order of weight.</summary>
public enum Verdict
{
    /// <summary>Nothing to see.</summary>
    Passed,

    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>May harm a model or its figures.</summary>
    Warning,

    /// <summary>Makes figures wrong, or images unusable.</summary>
    Error,
}
