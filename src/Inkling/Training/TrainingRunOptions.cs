using Inkling.Augmentation;
using Inkling.Engine;

namespace Inkling.Training;

/// <summary>What of a run is not in its recipe.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>Instead of the recipe's seed.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Stop after so many steps; the schedule stays that of the whole run.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Where checkpoints are kept after every epoch, on a timer and when the run is stopped; null for none.</summary>
    public RunFolder? Folder { get; init; }

    /// <summary>Go on from the newest sound checkpoint in the folder, or begin if there is none.</summary>
    public bool Resume { get; init; }

    /// <summary>At most so much work is lost when the process is killed.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Transforms that the recipe only names, because it comes from a file.</summary>
    public IReadOnlyList<OwnTransform> Transforms { get; init; } = [];

    /// <summary>Vector registers to use; decides speed, never results.</summary>
    public Simd Simd { get; init; } = SimdSupport.Best;

    /// <summary>For figures of speed and for checkpoints; no result depends on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
