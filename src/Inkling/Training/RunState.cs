using Inkling.Engine;

namespace Inkling.Training;

/// <summary>All that a run has gathered so far: with the recipe, the data and the seed it is enough to go on.</summary>
internal sealed class RunState(NetworkWeights weights, NetworkWeights? average, Optimizer optimizer, int chunksPerStep) : IDisposable
{
    // Grown as needed: longer than what has been noted.
    private float[] _chunkLosses = [];

    /// <summary>The values being trained.</summary>
    internal NetworkWeights Weights { get; } = weights;

    /// <summary>Their moving average, if the recipe keeps one.</summary>
    internal NetworkWeights? Average { get; } = average;

    /// <summary>What is kept at the end.</summary>
    internal NetworkWeights Model => Average ?? Weights;

    internal Optimizer Optimizer { get; } = optimizer;

    /// <summary>Steps taken.</summary>
    internal int Steps { get; set; }

    /// <summary>Epochs that are finished and validated.</summary>
    internal List<EpochResult> Epochs { get; } = [];

    /// <summary>What the steps of the epoch in progress add up to.</summary>
    internal EpochSums Sums { get; set; }

    internal int ChunksPerStep { get; } = chunksPerStep;

    /// <summary>[steps, chunks]: the summed loss of each chunk, rounded to single precision.</summary>
    internal float[] ChunkLosses => _chunkLosses[..(Steps * ChunksPerStep)];

    /// <summary>SHA-256 of the model before the first step.</summary>
    internal string InitialHash { get; set; } = "";

    /// <summary>Whether every weight is a number.</summary>
    internal bool IsFinite => Weights.Network.Parameters.All(parameter => Weights.Get(parameter).All(float.IsFinite));

    /// <summary>Time spent on the steps.</summary>
    internal double Seconds { get; set; }

    /// <summary>The losses of the step that was taken last.</summary>
    internal ReadOnlyMemory<float> LastLosses => _chunkLosses.AsMemory((Steps - 1) * ChunksPerStep, ChunksPerStep);

    /// <summary>Notes a step.</summary>
    internal void Add(double meanLoss, int correct, double learningRate, ReadOnlySpan<double> chunkLosses)
    {
        int start = Steps * ChunksPerStep;
        if (start + ChunksPerStep > _chunkLosses.Length)
        {
            Array.Resize(ref _chunkLosses, Math.Max(2 * _chunkLosses.Length, start + ChunksPerStep));
        }

        for (int chunk = 0; chunk < chunkLosses.Length; chunk++)
        {
            _chunkLosses[start + chunk] = (float)chunkLosses[chunk];
        }

        Sums = new EpochSums(Sums.Loss + meanLoss, Sums.Correct + correct, Sums.Batches + 1, learningRate);
        Steps++;
    }

    /// <summary>Puts back the losses of steps taken before.</summary>
    internal void RestoreLosses(float[] losses) => _chunkLosses = losses;

    /// <summary>Notes the end of an epoch.</summary>
    internal void Add(EpochResult epoch)
    {
        Epochs.Add(epoch);
        Sums = default;
    }

    public void Dispose()
    {
        Weights.Dispose();
        Average?.Dispose();
        Optimizer.Dispose();
    }
}

/// <summary>What the steps of an epoch add up to.</summary>
/// <param name="Loss">Sum of the batches' mean losses.</param>
/// <param name="Correct">Images that were right.</param>
/// <param name="Batches">Steps.</param>
/// <param name="LearningRate">Of the latest step.</param>
internal readonly record struct EpochSums(double Loss, int Correct, int Batches, double LearningRate);
