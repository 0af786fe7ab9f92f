using Inkling.Engine;

namespace Inkling.Training;

/// <summary>
/// Takes the same steps twice, in two ways that must not matter, and finds the first value that differs: a machine, or a version
/// of the program, that contradicts itself.
/// </summary>
internal static class SideBySide
{
    /// <summary>Walks two runs in step until their weights differ.</summary>
    /// <param name="first">One way, e.g. all threads and the widest vectors.</param>
    /// <param name="second">The other, e.g. one thread and the narrowest.</param>
    /// <param name="lastStep">Steps to take at most, counted from the start of the run.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <returns>Null if they agree to the end.</returns>
    internal static TensorDifference? FirstDifference(RunSide first, RunSide second, int lastStep, CancellationToken cancellation)
    {
        using TrainingSteps a = first.Begin();
        using TrainingSteps b = second.Begin();
        while (first.State.Steps < Math.Min(lastStep, first.Plan.TotalSteps))
        {
            cancellation.ThrowIfCancellationRequested();
            a.Take();
            b.Take();
            if (Compare(first.State.Weights, second.State.Weights) is { } difference)
            {
                return (InAChunk(a.Trainer, b.Trainer, first, second) ?? difference) with { Step = first.State.Steps };
            }
        }

        return null;
    }

    /// <summary>The first value that differs between two sets of weights, tensors in the network's order.</summary>
    internal static TensorDifference? Compare(NetworkWeights first, NetworkWeights second) => FirstOf(
        Tensors(first.Network), Tensors(second.Network), first.Get, second.Get);

    // The weights differ: a chunk's gradient says where it came from, unless only the update itself went another way.
    private static TensorDifference? InAChunk(Trainer a, Trainer b, RunSide first, RunSide second)
    {
        for (int chunk = 0; chunk < first.State.ChunksPerStep; chunk++)
        {
            if (FirstOf(
                first.Plan.Network.Parameters,
                second.Plan.Network.Parameters,
                parameter => a.ChunkGradient(chunk, parameter),
                parameter => b.ChunkGradient(chunk, parameter)) is { } difference)
            {
                return difference with { Chunk = chunk + 1, IsGradient = true };
            }
        }

        return null;
    }

    private static IEnumerable<Parameter> Tensors(Network network) => network.Parameters.Concat(network.Buffers);

    // Each network has its own parameters, in the same order.
    private static TensorDifference? FirstOf(
        IEnumerable<Parameter> first, IEnumerable<Parameter> second, Func<Parameter, float[]> getFirst, Func<Parameter, float[]> getSecond)
    {
        foreach ((Parameter parameter, Parameter twin) in first.Zip(second))
        {
            float[] a = getFirst(parameter);
            float[] b = getSecond(twin);
            for (int i = 0; i < a.Length; i++)
            {
                if (BitConverter.SingleToInt32Bits(a[i]) != BitConverter.SingleToInt32Bits(b[i]))
                {
                    return new TensorDifference(parameter.Name, i, a[i], b[i]);
                }
            }
        }

        return null;
    }
}

/// <summary>One of two runs side by side.</summary>
/// <param name="Plan">What it trains.</param>
/// <param name="State">From where; its own, since it changes.</param>
/// <param name="Team">Threads.</param>
/// <param name="Simd">Vector registers.</param>
internal sealed record RunSide(RunPlan Plan, RunState State, WorkerTeam Team, Simd Simd)
{
    internal TrainingSteps Begin() => new(Plan, State, Team, Simd);
}

/// <summary>The first value that differs.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Index">In PyTorch's order.</param>
/// <param name="First">The one value.</param>
/// <param name="Second">The other.</param>
/// <param name="Step">After which step, from 1; null outside a run.</param>
/// <param name="Chunk">In which chunk, from 1; null if no chunk's gradient differs, only what was made of them.</param>
/// <param name="IsGradient">Whether the values are of the chunk's gradient, and not of the weights.</param>
public sealed record TensorDifference(
    string Tensor, int Index, float First, float Second, int? Step = null, int? Chunk = null, bool IsGradient = false);
