namespace Inkling.Engine;

/// <summary>A network: layers with shapes, and the places of their parameters. Holds no values and no activations.</summary>
public sealed class Network
{
    private readonly Sequence _layers;
    private readonly ParameterAllocator _allocator = new();
    private readonly int _imageLanes;

    /// <summary>Infers all shapes.</summary>
    /// <param name="input">Shape of one image.</param>
    /// <param name="specs">Layers from image to logits; the last map has to be 1×1.</param>
    /// <exception cref="ShapeMismatchException">A layer doesn't fit what comes before it.</exception>
    /// <exception cref="ArgumentException">Two tensors share a name.</exception>
    /// <exception cref="InsufficientMemoryException">It has more parameters than can be addressed.</exception>
    public Network(Shape input, IReadOnlyList<LayerSpec> specs)
    {
        Input = input;
        Specs = [.. specs];
        _imageLanes = NetworkBuilder.ImageLanes(input, specs);
        try
        {
            _layers = new NetworkBuilder(_allocator).Build(input, specs, isImage: true, _imageLanes);
        }
        catch (OverflowException e)
        {
            throw new InsufficientMemoryException(
                "network: more than 2³¹ parameters; expected layers that fit into memory. Make it smaller.", e);
        }

        if (_layers.Output is not { Height: 1, Width: 1 })
        {
            throw new ShapeMismatchException("network", "logits, a 1×1 map", $"{_layers.Output}");
        }
    }

    /// <summary>Shape of one image.</summary>
    public Shape Input { get; }

    /// <summary>The layers, as they were given.</summary>
    public IReadOnlyList<LayerSpec> Specs { get; }

    /// <summary>Number of logits.</summary>
    public int Classes => _layers.Output.Channels;

    /// <summary>Learned tensors, in the order of the layers.</summary>
    public IReadOnlyList<Parameter> Parameters => _allocator.Parameters;

    /// <summary>Running statistics of batch norm.</summary>
    public IReadOnlyList<Parameter> Buffers => [.. _allocator.Buffers.Select(entry => entry.Buffer)];

    /// <summary>Number of learned values.</summary>
    public int ParameterCount => Parameters.Sum(parameter => parameter.Count);

    /// <summary>Multiply-adds of one image's forward pass, in convolutions and linear layers.</summary>
    public long MultiplyAdds => _layers.MultiplyAdds;

    /// <summary>Floats that hold all parameters, padding included.</summary>
    internal int ParameterLength => _allocator.ParameterLength;

    internal int BufferLength => _allocator.BufferLength;

    internal int TransformedLength => _allocator.TransformedLength;

    internal int TransposedLength => _allocator.TransposedLength;

    /// <summary>A list of a known type, so that walking it in every step allocates nothing.</summary>
    internal List<(Parameter Buffer, float Momentum)> RunningStatistics => _allocator.Buffers;

    /// <summary>Values before the first step, a pure function of the seed.</summary>
    public NetworkWeights Initialize(ulong seed)
    {
        var weights = new NetworkWeights(this);
        uint tensor = 0;
        foreach (Parameter parameter in Parameters)
        {
            Fill(parameter, weights.Parameters.Span, new RandomStream(seed, RandomPurpose.Initialization, Sample: tensor++));
        }

        foreach (Parameter buffer in Buffers)
        {
            Fill(buffer, weights.Buffers.Span, default);
        }

        return weights;
    }

    /// <summary>
    /// Whether values of the other network's parameters and statistics serve this one: a network whose layers are the same at another input
    /// size, unless a linear layer reads the whole map.
    /// </summary>
    public bool HasParametersOf(Network other) =>
        Parameters.Concat(Buffers).Select(Place).SequenceEqual(other.Parameters.Concat(other.Buffers).Select(Place));

    /// <summary>Zeros, for values that come from elsewhere.</summary>
    public NetworkWeights Allocate() => new(this);

    internal unsafe void TransformFilters(KernelSet kernels, float* parameters, float* filters, WorkPart part) =>
        _layers.TransformFilters(kernels, parameters, filters, part);

    internal unsafe void TransposeFilters(KernelSet kernels, float* parameters, float* transposed, WorkPart part) =>
        _layers.TransposeFilters(kernels, parameters, transposed, part);

    internal BoundNetwork Bind(Workspace workspace, KernelSet kernels)
    {
        Tensor image = workspace.Allocate(Input, _layers.InputHalo(0), _imageLanes);
        return new BoundNetwork(image, _layers.Bind(new Binding(workspace, kernels, image, null, OutputHalo: 0, OwnsInput: false)));
    }

    private static (string Name, int Count, int Offset, int Length) Place(Parameter parameter) =>
        (parameter.Name, parameter.Count, parameter.Offset, parameter.Length);

    private static void Fill(Parameter parameter, Span<float> memory, RandomStream random)
    {
        for (int i = 0; i < parameter.Count; i++)
        {
            memory[parameter.Offset + parameter.PackedIndex(i)] = parameter.Initializer.At(random, (uint)i);
        }
    }
}

/// <summary>A network with the activations of one thread.</summary>
internal sealed record BoundNetwork(Tensor Image, BoundLayer Layers)
{
    internal Tensor Logits => Layers.Output;

    internal Tensor LogitsGradient => Layers.OutputGradient;
}
