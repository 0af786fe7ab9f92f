namespace Inkling.Engine;

/// <summary>The values of a network's parameters and running statistics.</summary>
public sealed unsafe class NetworkWeights : IDisposable
{
    private readonly bool _isView;

    internal NetworkWeights(Network network)
        : this(network, new FloatBuffer(network.ParameterLength), new FloatBuffer(network.BufferLength), isView: false)
    {
    }

    private NetworkWeights(Network network, FloatBuffer parameters, FloatBuffer buffers, bool isView) =>
        (Network, Parameters, Buffers, _isView) = (network, parameters, buffers, isView);

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

    /// <summary>The very same values, in the same memory, for a network that has these parameters at another input size.</summary>
    /// <exception cref="ShapeMismatchException">It has other parameters.</exception>
    public NetworkWeights For(Network network) => network.HasParametersOf(Network)
        ? new NetworkWeights(network, Parameters, Buffers, isView: true)
        : throw new ShapeMismatchException("weights", "a network with the same parameters", "one with others");

    /// <summary>Frees the memory, unless these are another's values.</summary>
    public void Dispose()
    {
        if (!_isView)
        {
            Parameters.Dispose();
            Buffers.Dispose();
        }
    }

    private Span<float> MemoryOf(Parameter parameter) =>
        Network.Buffers.Contains(parameter) ? Buffers.Span : Parameters.Span;
}
