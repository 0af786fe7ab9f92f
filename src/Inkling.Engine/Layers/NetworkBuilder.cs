namespace Inkling.Engine;

/// <summary>Turns a network's description into layers with shapes, fusing a rectification into what comes before it.</summary>
internal sealed class NetworkBuilder(ParameterAllocator allocator)
{
    /// <summary>Lanes of the image tensor: planar where a convolution of a few channels reads it.</summary>
    internal static int ImageLanes(Shape image, IReadOnlyList<LayerSpec> specs) =>
        specs is [ConvolutionSpec, ..] && image.Channels < Tensor.BlockLanes ? 1 : Tensor.BlockLanes;

    internal Sequence Build(Shape input, IReadOnlyList<LayerSpec> specs, bool isImage, int lanes = Tensor.BlockLanes)
    {
        var layers = new List<Layer>();
        Shape shape = input;
        for (int i = 0; i < specs.Count; i++)
        {
            bool relu = specs[i] is ConvolutionSpec or LinearSpec or BatchNormSpec or ResidualSpec
                && i + 1 < specs.Count && specs[i + 1] is ReluSpec;
            bool readsImage = isImage && i == 0;
            layers.Add(Build(shape, specs[i], relu, readsImage, readsImage ? lanes : Tensor.BlockLanes));
            shape = layers[^1].Output;
            i += relu ? 1 : 0;
        }

        return new Sequence(input, layers);
    }

    private Layer Build(Shape input, LayerSpec spec, bool relu, bool readsImage, int lanes) => spec switch
    {
        ConvolutionSpec s => BuildConvolution(s, input, relu, readsImage, lanes),
        BatchNormSpec s => new BatchNorm(s, input, relu, allocator),
        ReluSpec => new Relu(input),
        MaxPoolSpec s => BuildPool(input, s.KernelSize, s.Stride, s.Padding, (output, window) => new MaxPool(input, output, window)),
        AveragePoolSpec s => BuildPool(
            input, s.KernelSize, s.Stride, s.Padding, (output, window) => new AveragePool(input, output, window)),
        GlobalAveragePoolSpec => new AveragePool(input, OnePixel(input), WholeMap(input)),
        GlobalMaxPoolSpec => new MaxPool(input, OnePixel(input), WholeMap(input)),
        FlattenSpec => new Flatten(input),
        LinearSpec s => BuildLinear(s, input, relu, readsImage),
        DropoutSpec s => new Dropout(s, input, allocator),
        ResidualSpec s => new Residual(
            Build(input, s.Body, readsImage), Build(input, s.Shortcut, readsImage), relu),
        _ => throw new ArgumentException($"network: no layer is built from {spec.GetType().Name}"),
    };

    private Layer BuildConvolution(ConvolutionSpec spec, Shape input, bool relu, bool readsImage, int lanes)
    {
        double fanOut = (double)spec.OutChannels * spec.KernelSize * spec.KernelSize;
        var initializer = new Initializer.Normal(Math.Sqrt(2 / fanOut));
        var biasInitializer = new Initializer.Constant(0);
        Shape output = Convolution.OutputShape(spec, input);
        return WinogradConvolution.Serves(spec, output, lanes)
            ? new WinogradConvolution(spec, input, output, initializer, biasInitializer, relu, allocator)
            : new Convolution(spec, input, lanes, !readsImage, initializer, biasInitializer, relu, allocator);
    }

    private Convolution BuildLinear(LinearSpec spec, Shape input, bool relu, bool readsImage)
    {
        if (input is not { Height: 1, Width: 1 })
        {
            throw new ShapeMismatchException(spec.Name, "a 1×1 map (put a flatten or a global pool before it)", $"{input}");
        }

        var bound = new Initializer.Uniform(1 / Math.Sqrt(input.Channels));
        var convolution = new ConvolutionSpec(spec.Name, spec.OutFeatures, KernelSize: 1, Bias: spec.Bias);
        return new Convolution(convolution, input, Tensor.BlockLanes, !readsImage, bound, bound, relu, allocator);
    }

    private static Layer BuildPool(Shape input, int size, int stride, int padding, Func<Shape, PoolWindow, Layer> create)
    {
        int height = (input.Height + 2 * padding - size) / stride + 1;
        int width = (input.Width + 2 * padding - size) / stride + 1;
        return input.Height + 2 * padding >= size && input.Width + 2 * padding >= size && padding < size
            ? create(new Shape(input.Channels, height, width), new PoolWindow(size, size, stride, padding))
            : throw new ShapeMismatchException(
                "pool", $"an input of at least {size - 2 * padding} pixels and less padding than window", $"{input}");
    }

    private static Shape OnePixel(Shape input) => new(input.Channels, 1, 1);

    private static PoolWindow WholeMap(Shape input) => new(input.Height, input.Width, Stride: 1, Padding: 0);
}
