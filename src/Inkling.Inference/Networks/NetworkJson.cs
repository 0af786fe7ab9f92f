using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Networks;

/// <summary>The JSON form of a network: in recipes, in locks, and for layer lists in <c>config.json</c>.</summary>
internal static class NetworkJson
{
    private const int MaxChannels = 4096;
    private const int MaxStages = 64;
    private const int MaxLayers = 1000;
    private const int OneAClass = 0;

    private static readonly JsonForm<int> Channels = Integer(1, MaxChannels);
    private static readonly JsonForm<int> Pixels = Integer(1, 64);
    private static readonly JsonForm<float> PartOfOne = Float(0, 1, aboveLeast: true);

    /// <summary>The sizes of a ResNet.</summary>
    public static readonly JsonShape<ResNet> ResNet = new JsonShape<ResNet>(new(0, [], []))
        .Required("embedding_size", Channels, x => x.EmbeddingSize, (x, v) => x with { EmbeddingSize = v })
        .Required("hidden_sizes", List(Channels, 1, MaxStages), x => x.HiddenSizes, (x, v) => x with { HiddenSizes = v })
        .Required("depths", List(Integer(1, 256), 1, MaxStages), x => x.Depths, (x, v) => x with { Depths = v })
        .Check(x => x.HiddenSizes.Count == x.Depths.Count || x.HiddenSizes.Count == 0 || x.Depths.Count == 0 ? null
            : $"expected as many depths as hidden_sizes; found {x.Depths.Count} and {x.HiddenSizes.Count}");

    private static readonly JsonShape<Window> Windows = new JsonShape<Window>(default)
        .Required("kernel_size", Pixels, x => x.KernelSize, (x, v) => x with { KernelSize = v })
        .Required("stride", Pixels, x => x.Stride, (x, v) => x with { Stride = v })
        // More padding than half a window would leave windows with nothing in them.
        .Required("padding", x => Integer(0, x.KernelSize / 2), x => x.Padding, (x, v) => x with { Padding = v });

    private static readonly JsonShape<LinearSpec> Linear = new JsonShape<LinearSpec>(new("", OneAClass))
        .Required("name", UniqueName, x => x.Name, (x, v) => x with { Name = v })
        .Required(
            "out_features",
            TextOr(
                TextWhere(text => text == "classes", "a whole number or \"classes\""),
                _ => OneAClass, count => count == OneAClass ? "classes" : null,
                Channels),
            x => x.OutFeatures,
            (x, v) => x with { OutFeatures = v })
        .Required("bias", Flag, x => x.Bias, (x, v) => x with { Bias = v });

    // The table below, which a layer within a layer leads back to.
    private static readonly JsonForm<LayerSpec> AnyLayer = Of(value => Layer!.Read(value), layer => Layer!.Write(layer));

    /// <summary>Every layer; a new one's keys are an entry here.</summary>
    public static readonly JsonChoice<LayerSpec> Layer = new JsonChoice<LayerSpec>("A layer")
        .Kind("convolution", new JsonShape<ConvolutionSpec>(new("", 0, 0))
            .Required("name", UniqueName, x => x.Name, (x, v) => x with { Name = v })
            .Required("out_channels", Channels, x => x.OutChannels, (x, v) => x with { OutChannels = v })
            .Required("kernel_size", Pixels, x => x.KernelSize, (x, v) => x with { KernelSize = v })
            .Required("stride", Pixels, x => x.Stride, (x, v) => x with { Stride = v })
            .Required("padding", Integer(0, 64), x => x.Padding, (x, v) => x with { Padding = v })
            .Required("bias", Flag, x => x.Bias, (x, v) => x with { Bias = v }))
        .Kind("batch_norm", new JsonShape<BatchNormSpec>(new(""))
            .Required("name", UniqueName, x => x.Name, (x, v) => x with { Name = v })
            .Required("epsilon", PartOfOne, x => x.Epsilon, (x, v) => x with { Epsilon = v })
            .Required("momentum", PartOfOne, x => x.Momentum, (x, v) => x with { Momentum = v }))
        .Kind("relu", new JsonShape<ReluSpec>(new()))
        .Kind("max_pool", Windows.As(x => new MaxPoolSpec(x.KernelSize, x.Stride, x.Padding), Window.Of))
        .Kind("average_pool", Windows.As(x => new AveragePoolSpec(x.KernelSize, x.Stride, x.Padding), Window.Of))
        .Kind("global_average_pool", new JsonShape<GlobalAveragePoolSpec>(new()))
        .Kind("global_max_pool", new JsonShape<GlobalMaxPoolSpec>(new()))
        .Kind("flatten", new JsonShape<FlattenSpec>(new()))
        .Kind(
            "linear",
            Linear,
            layer => layer is ClassifierSpec x ? new LinearSpec(x.Name, OneAClass, x.Bias) : layer as LinearSpec,
            x => x.OutFeatures == OneAClass ? new ClassifierSpec(x.Name, x.Bias) : x)
        .Kind("dropout", new JsonShape<DropoutSpec>(new(0))
            .Required("rate", Float(0, 1, belowMost: true), x => x.Rate, (x, v) => x with { Rate = v }))
        .Kind("residual", new JsonShape<ResidualSpec>(new([], []))
            .Required("body", List(AnyLayer, 1, MaxLayers), x => x.Body, (x, v) => x with { Body = v })
            .Required("shortcut", List(AnyLayer, 0, MaxLayers), x => x.Shortcut, (x, v) => x with { Shortcut = v }));

    /// <summary>The layers of a network, from image to logits.</summary>
    public static readonly JsonForm<IReadOnlyList<LayerSpec>> Layers = List(Layer, 1, MaxLayers);

    /// <summary>Every kind of network.</summary>
    public static readonly JsonChoice<NetworkRecipe> Network = new JsonChoice<NetworkRecipe>("A network")
        .Kind("resnet", ResNet.As(x => new ResNetRecipe(x), x => x.Architecture))
        .Kind("layers", Layers.As(x => new LayersRecipe(x), x => x.Layers));

    private readonly record struct Window(int KernelSize, int Stride, int Padding)
    {
        internal static Window Of(MaxPoolSpec pool) => new(pool.KernelSize, pool.Stride, pool.Padding);

        internal static Window Of(AveragePoolSpec pool) => new(pool.KernelSize, pool.Stride, pool.Padding);
    }
}
