using Inkling.Engine;
using Inkling.Serialization;

namespace Inkling.Training;

/// <summary>A run can't go on from a checkpoint, because the checkpoint belongs to another run.</summary>
/// <param name="folder">Where the checkpoint lies.</param>
/// <param name="differences">What the unfinished run had, against what was asked for.</param>
public sealed class ResumeException(string folder, IReadOnlyList<JsonDifference> differences) : InklingException(
    $"{folder}: expected a checkpoint of the same run; found one that differs in {string.Join("; ", differences.Take(MaxShown))}"
    + (differences.Count > MaxShown ? $"; and {differences.Count - MaxShown} more" : "")
    + ". Use what the unfinished run used, or leave out --resume to begin anew.")
{
    private const int MaxShown = 5;

    /// <summary>What the unfinished run had, against what was asked for.</summary>
    public IReadOnlyList<JsonDifference> Differences { get; } = differences;
}
