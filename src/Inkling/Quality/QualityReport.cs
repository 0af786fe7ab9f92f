using Inkling.Data;

namespace Inkling.Quality;

/// <summary>Everything that was found out about a dataset.</summary>
public sealed record QualityReport
{
    /// <summary>What was looked at.</summary>
    public required ImageDataset Dataset { get; init; }

    /// <summary>Number of images of each class, by split.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<int>> ClassCounts { get; init; }

    /// <summary>Every check, in the order of the way of the data.</summary>
    public required IReadOnlyList<QualityCheck> Checks { get; init; }

    /// <summary>Groups of images that are the same picture, exactly or nearly.</summary>
    public required IReadOnlyList<DuplicateGroup> Duplicates { get; init; }

    /// <summary>Suspected label errors, worst first; null if they were not looked for.</summary>
    public required IReadOnlyList<LabelError>? LabelErrors { get; init; }

    /// <summary>Training images that should be left out, as <c>train --exclusions</c> takes them.</summary>
    public required IReadOnlyList<Exclusion> Exclusions { get; init; }

    /// <summary>The gravest verdict.</summary>
    public Verdict Worst => Checks.Max(check => check.Verdict);

    internal QualityImages Images { get; init; } = null!;
}

/// <summary>Images that are the same picture.</summary>
/// <param name="IsExact">Whether all are equal pixel by pixel.</param>
/// <param name="Images">At least two.</param>
public sealed record DuplicateGroup(bool IsExact, IReadOnlyList<ImageReference> Images);
