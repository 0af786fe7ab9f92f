using Inkling.Engine;

namespace Inkling.Tests.Engine.Support;

/// <summary>
/// A few layers bound to memory, fed with and read as plain [N, C, H, W] arrays. What the layers must not read (places of
/// absent images) or must overwrite (results) holds NaN beforehand.
/// </summary>
internal sealed unsafe class LayerHarness : IDisposable
{
    internal const int Seed = 7;
    internal const int Epoch = 2;
    internal const int FirstSample = 100;

    private readonly ParameterAllocator _allocator = new();
    private readonly KernelSet _kernels;
    private readonly Workspace _workspace;
    private readonly Sequence _layers;
    private readonly BoundLayer _bound;
    private readonly int* _samples;
    private readonly List<FloatBuffer> _memory = [];

    /// <param name="input">Shape of one image.</param>
    /// <param name="specs">Layers.</param>
    /// <param name="capacity">Images that fit into a chunk.</param>
    /// <param name="simd">Registers.</param>
    /// <param name="planarImage">The input is an image of a few channels, lanes of 1, and has no gradient.</param>
    /// <param name="outputHalo">Border that a next layer would want.</param>
    internal LayerHarness(
        Shape input, IReadOnlyList<LayerSpec> specs, int capacity, Simd simd, bool planarImage = false, int outputHalo = 0)
    {
        int lanes = planarImage ? 1 : Tensor.BlockLanes;
        _kernels = KernelSet.For(simd);
        _workspace = new Workspace(capacity);
        _layers = new NetworkBuilder(_allocator).Build(input, specs, planarImage, lanes);
        Input = _workspace.Allocate(input, _layers.InputHalo(outputHalo), lanes);
        InputGradient = planarImage ? null : _workspace.Allocate(input);
        _bound = _layers.Bind(new Binding(_workspace, _kernels, Input, InputGradient, outputHalo, OwnsInput: false));
        _samples = (int*)_workspace.Allocate(capacity);
        Values = Allocate(_allocator.ParameterLength);
        Gradients = Allocate(_allocator.ParameterLength);
        Buffers = Allocate(_allocator.BufferLength);
        Statistics = Allocate(_allocator.BufferLength);
        Filters = Allocate(_allocator.TransformedLength);
        Transposed = Allocate(_allocator.TransposedLength);
        Gradients.Span.Fill(float.NaN);
    }

    internal Tensor Input { get; }

    internal Tensor? InputGradient { get; }

    internal Tensor Output => _bound.Output;

    internal Tensor OutputGradient => _bound.OutputGradient;

    internal Shape OutputShape => _layers.Output;

    internal IReadOnlyList<Parameter> Parameters => _allocator.Parameters;

    internal IReadOnlyList<Parameter> RunningStatistics => [.. _allocator.Buffers.Select(entry => entry.Buffer)];

    internal FloatBuffer Values { get; }

    internal FloatBuffer Gradients { get; }

    internal FloatBuffer Buffers { get; }

    internal FloatBuffer Statistics { get; }

    private FloatBuffer Filters { get; }

    private FloatBuffer Transposed { get; }

    internal void Set(Parameter parameter, float[] values) => parameter.Pack(values, Values.Span);

    /// <summary>Gives every parameter and running statistic values of its own; returns the parameters by name.</summary>
    internal Dictionary<string, float[]> Randomize(ulong seed)
    {
        var values = new Dictionary<string, float[]>();
        foreach (Parameter parameter in Parameters)
        {
            values[parameter.Name] = Numbers.Uniform(seed++, parameter.Count, -1, 1);
        }

        foreach (Parameter buffer in RunningStatistics)
        {
            values[buffer.Name] = Numbers.Uniform(seed++, buffer.Count, 0.25, 2);
        }

        Set(values);
        return values;
    }

    /// <summary>Gives every parameter and running statistic the values of its name.</summary>
    internal void Set(Dictionary<string, float[]> values)
    {
        foreach (Parameter parameter in Parameters)
        {
            Set(parameter, values[parameter.Name]);
        }

        foreach (Parameter buffer in RunningStatistics)
        {
            buffer.Pack(values[buffer.Name], Buffers.Span);
        }
    }

    internal float[] Forward(float[] x, int images, bool training)
    {
        Fill(Output, float.NaN);
        Fill(Input, float.NaN);
        Write(Input, x);
        _layers.TransformFilters(_kernels, Values.Data, Filters.Data, WorkPart.Whole);
        _bound.Forward(PassOf(images, training));
        return Read(Output, images);
    }

    /// <returns>The input's gradient; parameter gradients are in <see cref="Gradients"/>.</returns>
    internal float[] Backward(float[] gradOutput, int images)
    {
        if (InputGradient is not null)
        {
            Fill(InputGradient, float.NaN);
        }

        Fill(OutputGradient, float.NaN);
        Write(OutputGradient, gradOutput);
        _layers.TransposeFilters(_kernels, Values.Data, Transposed.Data, WorkPart.Whole);
        _bound.Backward(PassOf(images, training: true));
        return InputGradient is null ? [] : Read(InputGradient, images);
    }

    internal float[] Gradient(string name) => Parameters.Single(p => p.Name == name).Unpack(Gradients.Span);

    internal float[] Statistic(string name) => RunningStatistics.Single(p => p.Name == name).Unpack(Statistics.Span);

    /// <summary>Halos and lanes beyond the last channel hold zeros, in every place of every tensor in reach.</summary>
    internal void AssertPaddingOfActivationsIsZero()
    {
        Tensor[] tensors = InputGradient is null ? [Input, Output, OutputGradient] : [Input, Output, OutputGradient, InputGradient];
        Assert.All(tensors, tensor => Assert.Equal(0, NonZeroPadding(tensor)));
    }

    /// <summary>The same, and for the gradients of parameters.</summary>
    internal void AssertPaddingIsZero()
    {
        AssertPaddingOfActivationsIsZero();
        Assert.All(Parameters, parameter => Assert.Equal(0, NonZeroPadding(parameter, Gradients.Span)));
    }

    public void Dispose()
    {
        _workspace.Dispose();
        _memory.ForEach(memory => memory.Dispose());
    }

    private Pass PassOf(int images, bool training)
    {
        for (int image = 0; image < images; image++)
        {
            _samples[image] = FirstSample + image;
        }

        return new Pass
        {
            Images = images,
            Training = training,
            Parameters = Values.Data,
            Filters = Filters.Data,
            Transposed = Transposed.Data,
            Gradients = Gradients.Data,
            Buffers = Buffers.Data,
            Statistics = Statistics.Data,
            Seed = Seed,
            Epoch = Epoch,
            Samples = _samples,
        };
    }

    private FloatBuffer Allocate(int length)
    {
        var buffer = new FloatBuffer(length);
        _memory.Add(buffer);
        return buffer;
    }

    private static void Fill(Tensor tensor, float value) =>
        Write(tensor, [.. Enumerable.Repeat(value, tensor.Images * tensor.Shape.Count)]);

    private static void Write(Tensor tensor, float[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            (int n, int c, int h, int w) = Place(tensor.Shape, i);
            tensor[n, c, h, w] = values[i];
        }
    }

    private static float[] Read(Tensor tensor, int images)
    {
        float[] values = new float[images * tensor.Shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            (int n, int c, int h, int w) = Place(tensor.Shape, i);
            values[i] = tensor[n, c, h, w];
        }

        return values;
    }

    private static (int Image, int Channel, int Row, int Column) Place(Shape shape, int index) => (
        index / shape.Count,
        index / (shape.Height * shape.Width) % shape.Channels,
        index / shape.Width % shape.Height,
        index % shape.Width);

    private static int NonZeroPadding(Tensor tensor)
    {
        int wrong = 0;
        for (int block = 0; block < tensor.Blocks; block++)
        {
            for (int image = 0; image < tensor.Images; image++)
            {
                for (int row = -tensor.Halo; row < tensor.Shape.Height + tensor.Halo; row++)
                {
                    for (int column = -tensor.Halo; column < tensor.Shape.Width + tensor.Halo; column++)
                    {
                        bool halo = row < 0 || row >= tensor.Shape.Height || column < 0 || column >= tensor.Shape.Width;
                        for (int lane = 0; lane < tensor.Lanes; lane++)
                        {
                            bool padding = halo || block * tensor.Lanes + lane >= tensor.Shape.Channels;
                            wrong += padding && tensor.At(block, image, row, column)[lane] != 0 ? 1 : 0;
                        }
                    }
                }
            }
        }

        return wrong;
    }

    private static int NonZeroPadding(Parameter parameter, ReadOnlySpan<float> memory)
    {
        float[] rest = memory.Slice(parameter.Offset, parameter.Length).ToArray();
        for (int i = 0; i < parameter.Count; i++)
        {
            rest[parameter.PackedIndex(i)] = 0;
        }

        return rest.Count(value => value != 0);
    }
}
