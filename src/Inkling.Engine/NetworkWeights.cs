namespace Inkling.Engine;

/// <summary>The values of a network's parameters and running statistics.</summary>
public sealed unsafe class NetworkWeights : IDisposable
{
    private readonly bool _isView;

    internal NetworkWeights(Network network)
    {
        (Network, Parameters, Buffers) = (network, new FloatBuffer(network.ParameterLength), new FloatBuffer(network.BufferLength));
        Lease = new Lease(this);
    }

    private NetworkWeights(Network network, NetworkWeights values)
    {
        (Network, Parameters, Buffers) = (network, values.Parameters, values.Buffers);
        (Lease, _isView) = (values.Lease, true);
    }

    /// <summary>Whose values these are.</summary>
    public Network Network { get; }

    /// <summary>To be entered by whoever uses the values; another's values have another's lease.</summary>
    internal Lease Lease { get; }

    internal FloatBuffer Parameters { get; }

    internal FloatBuffer Buffers { get; }

    /// <summary>A tensor's values in PyTorch's order.</summary>
    /// <param name="parameter">One of the network's parameters or buffers.</param>
    public float[] Get(Parameter parameter)
    {
        using Lease.Call call = Lease.Enter();
        return parameter.Unpack(MemoryOf(parameter));
    }

    /// <summary>Sets a tensor's values, given in PyTorch's order.</summary>
    /// <exception cref="ShapeMismatchException">The count differs.</exception>
    public void Set(Parameter parameter, ReadOnlySpan<float> values)
    {
        using Lease.Call call = Lease.Enter();
        parameter.Pack(values, MemoryOf(parameter));
    }

    /// <summary>The very same values, in the same memory, for a network that has these parameters at another input size.</summary>
    /// <exception cref="ShapeMismatchException">It has other parameters.</exception>
    public NetworkWeights For(Network network)
    {
        using Lease.Call call = Lease.Enter();
        return network.HasParametersOf(Network)
            ? new NetworkWeights(network, this)
            : throw new ShapeMismatchException("weights", "a network with the same parameters", "one with others");
    }

    /// <summary>Waits for calls that use the values and frees the memory, unless these are another's values.</summary>
    /// <exception cref="InvalidOperationException">It was called from inside such a call.</exception>
    public void Dispose()
    {
        if (!_isView && Lease.Close())
        {
            Parameters.Dispose();
            Buffers.Dispose();
        }
    }

    private Span<float> MemoryOf(Parameter parameter) =>
        Network.Buffers.Contains(parameter) ? Buffers.Span : Parameters.Span;
}
