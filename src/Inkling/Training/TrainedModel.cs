using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;
using Inkling.Training.Recipes;

namespace Inkling.Training;

/// <summary>What a run leaves.</summary>
public sealed record TrainedModel : IDisposable
{
    /// <summary>The model: the last step's weights, or their moving average if the recipe keeps one.</summary>
    public required NetworkWeights Weights { get; init; }

    /// <summary>The bytes of <c>model.safetensors</c>.</summary>
    public required byte[] WeightsFile { get; init; }

    /// <summary>How it was trained.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The seed that was used.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Of the images that trained.</summary>
    public required Normalization Normalization { get; init; }

    /// <summary>Which images trained and which validated.</summary>
    public required DataSplit Split { get; init; }

    /// <summary>SHA-256 of <c>model.safetensors</c> as it was before the first step.</summary>
    public required string InitialHash { get; init; }

    /// <summary>Every epoch.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>Steps taken.</summary>
    public required int Steps { get; init; }

    /// <summary>Chunks in a step.</summary>
    public required int ChunksPerStep { get; init; }

    /// <summary>
    /// [steps, chunks]: the sum of the losses of each chunk's images, rounded to single precision. A rebuild that differs shows
    /// here from which step on.
    /// </summary>
    public required float[] ChunkLosses { get; init; }

    /// <summary>Time from the start of the first step to the end of the last, validation left out.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images a second over that time.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
