using Inkling.Engine.Layers;
using Inkling.Engine.Memory;

namespace Inkling.Engine;

/// <summary>The values of a network's parameters and running statistics.</summary>
public sealed unsafe class NetworkWeights : IDisposable
{
    internal NetworkWeights(Network network)
    {
        Network = network;
        Parameters = new FloatBuffer(network.ParameterLength);
        Buffers = new FloatBuffer(network.BufferLength);
    }

    /// <summary>Whose values these are.</summary>
    public Network Network { get; }

    internal FloatBuffer Parameters { get; }

    internal FloatBuffer Buffers { get; }

    /// <summary>A tensor's values in PyTorch's order.</summary>
    /// <param name="parameter">One of the network's parameters or buffers.</param>
    public float[] Get(Parameter parameter) => parameter.Unpack(MemoryOf(parameter));

    /// <summary>Sets a tensor's values, given in PyTorch's order.</summary>
    /// <exception cref="ShapeMismatchException">The count differs.</exception>
    public void Set(Parameter parameter, ReadOnlySpan<float> values) => parameter.Pack(values, MemoryOf(parameter));

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        Buffers.Dispose();
    }

    private Span<float> MemoryOf(Parameter parameter) =>
        Network.Buffers.Contains(parameter) ? Buffers.Span : Parameters.Span;
}
