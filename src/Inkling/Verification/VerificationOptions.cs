using Inkling.Augmentation;

namespace Inkling.Verification;

/// <summary>What to rebuild and when to be content.</summary>
public sealed record VerificationOptions
{
    /// <summary>Rebuild only so many epochs; null for all.</summary>
    public int? Epochs { get; init; }

    /// <summary>Transforms that the lock names and the library doesn't have.</summary>
    public IReadOnlyList<OwnTransform> Transforms { get; init; } = [];

    /// <summary>
    /// The grade that is asked for. Below <see cref="VerificationGrade.Bytes"/>, a rebuild goes on after its first difference.
    /// </summary>
    public VerificationGrade Require { get; init; } = VerificationGrade.Bytes;
}
