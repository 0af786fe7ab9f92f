using Inkling.Data;

namespace Inkling.Quality;

/// <summary>One question asked of a dataset, and its answer.</summary>
public sealed record QualityCheck
{
    /// <summary>Fixed name, for scripts.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    /// <summary><c>train</c>, <c>validation</c>, <c>test</c>, or <c>all</c> if it concerns them together.</summary>
    public required string Split { get; init; }

    /// <summary>What was measured.</summary>
    public required double Value { get; init; }

    /// <summary>Up to this value the check passes.</summary>
    public required double Threshold { get; init; }

    /// <summary>The conclusion.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What was found, in a sentence.</summary>
    public required string Finding { get; init; }

    /// <summary>What was done about it, or is to be done.</summary>
    public required string Measure { get; init; }

    /// <summary>Images concerned.</summary>
    public int Count { get; init; }

    /// <summary>Some of them, worst first.</summary>
    public IReadOnlyList<QualityExample> Examples { get; init; } = [];
}

/// <summary>An image that a check points at.</summary>
/// <param name="Image">The image.</param>
/// <param name="Note">Why.</param>
/// <param name="Other">Another that it is compared with; null if there is none.</param>
public sealed record QualityExample(ImageReference Image, string Note, ImageReference? Other = null);

/// <summary>An image of a dataset.</summary>
/// <param name="Split">Where it is.</param>
/// <param name="Index">In that split's <see cref="ImageSet"/>; validation images count in the training set's.</param>
/// <param name="Name">What a user calls it.</param>
/// <param name="Label">Name of its class.</param>
public sealed record ImageReference(string Split, int Index, string Name, string Label);
