using System.Text.Json.Nodes;
using Inkling.Engine;
using Inkling.Serialization;

namespace Inkling.Networks;

/// <summary>The JSON form of a network: in recipes, in locks, and for layer lists in <c>config.json</c>.</summary>
internal static class NetworkJson
{
    public const int MaxChannels = 4096;

    private const string Classes = "classes";
    private static readonly Interval Stages = new(1, 64);
    private static readonly Interval LayerCount = new(1, 1000);
    private static readonly Interval ShortcutCount = LayerCount with { Low = 0 };
    private static readonly string[] ResNetKeys = ["embedding_size", "hidden_sizes", "depths"];

    public static NetworkRecipe Read(StrictValue value) => value.Choice("resnet", "layers") switch
    {
        ("resnet", var sizes) => new ResNetRecipe(ReadResNet(sizes.Object(ResNetKeys), sizes)),
        ("layers", var layers) => new LayersRecipe(ReadLayers(layers)),
        _ => new LayersRecipe([]),
    };

    public static JsonObject Write(NetworkRecipe network) => network switch
    {
        ResNetRecipe resNet => new JsonObject { ["resnet"] = WriteResNet(resNet.Architecture) },
        LayersRecipe list => new JsonObject { ["layers"] = WriteLayers(list.Layers) },
        _ => throw new ArgumentException($"A network of type {network.GetType().Name} has no JSON form."),
    };

    /// <param name="sizes">An object with the keys of the architecture's sizes, among others.</param>
    /// <param name="place">Where to report lists that don't match.</param>
    public static ResNet ReadResNet(StrictObject sizes, StrictValue place)
    {
        int embeddingSize = sizes["embedding_size"].Integer(1, MaxChannels);
        IReadOnlyList<int> hiddenSizes = sizes["hidden_sizes"].List(Stages, size => size.Integer(1, MaxChannels));
        IReadOnlyList<int> depths = sizes["depths"].List(Stages, depth => depth.Integer(1, 256));
        if (hiddenSizes.Count != depths.Count && hiddenSizes.Count > 0 && depths.Count > 0)
        {
            place.Fault($"expected as many depths as hidden_sizes; found {depths.Count} and {hiddenSizes.Count}");
        }

        return new ResNet(embeddingSize, hiddenSizes, depths);
    }

    public static JsonObject WriteResNet(ResNet resNet) => new()
    {
        ["embedding_size"] = resNet.EmbeddingSize,
        ["hidden_sizes"] = Numbers(resNet.HiddenSizes),
        ["depths"] = Numbers(resNet.Depths),
    };

    public static IReadOnlyList<LayerSpec> ReadLayers(StrictValue value)
    {
        // Tensors of two layers of one name would overwrite each other in the package.
        var names = new HashSet<string>(StringComparer.Ordinal);
        return value.List(LayerCount, layer => ReadLayer(layer, names));
    }

    public static JsonArray WriteLayers(IReadOnlyList<LayerSpec> layers) => [.. layers.Select(WriteLayer)];

    private static LayerSpec ReadLayer(StrictValue value, HashSet<string> names)
    {
        (string Name, StrictValue Value)? choice = value.Choice(
            "convolution", "batch_norm", "relu", "max_pool", "average_pool", "global_average_pool", "global_max_pool",
            "flatten", "linear", "dropout", "residual");
        if (choice is not var (kind, settings))
        {
            return new ReluSpec();
        }

        switch (kind)
        {
            case "convolution":
                StrictObject convolution = settings.Object("name", "out_channels", "kernel_size", "stride", "padding", "bias");
                return new ConvolutionSpec(
                    Name(convolution["name"], names),
                    convolution["out_channels"].Integer(1, MaxChannels),
                    convolution["kernel_size"].Integer(1, 64),
                    convolution["stride"].Integer(1, 64),
                    convolution["padding"].Integer(0, 64),
                    convolution["bias"].Flag());
            case "batch_norm":
                StrictObject norm = settings.Object("name", "epsilon", "momentum");
                return new BatchNormSpec(
                    Name(norm["name"], names),
                    norm["epsilon"].Single(new Interval(0, 1, LowOpen: true)),
                    norm["momentum"].Single(new Interval(0, 1, LowOpen: true)));
            case "max_pool":
                (int KernelSize, int Stride, int Padding) max = ReadPool(settings);
                return new MaxPoolSpec(max.KernelSize, max.Stride, max.Padding);
            case "average_pool":
                (int KernelSize, int Stride, int Padding) average = ReadPool(settings);
                return new AveragePoolSpec(average.KernelSize, average.Stride, average.Padding);
            case "linear":
                return ReadLinear(settings.Object("name", "out_features", "bias"), names);
            case "dropout":
                return new DropoutSpec(settings.Object("rate")["rate"].Single(new Interval(0, 1, HighOpen: true)));
            case "residual":
                StrictObject residual = settings.Object("body", "shortcut");
                return new ResidualSpec(
                    residual["body"].List(LayerCount, layer => ReadLayer(layer, names)),
                    residual["shortcut"].List(ShortcutCount, layer => ReadLayer(layer, names)));
            default:
                settings.Object();
                return kind switch
                {
                    "global_average_pool" => new GlobalAveragePoolSpec(),
                    "global_max_pool" => new GlobalMaxPoolSpec(),
                    "flatten" => new FlattenSpec(),
                    _ => new ReluSpec(),
                };
        }
    }

    private static (int KernelSize, int Stride, int Padding) ReadPool(StrictValue value)
    {
        StrictObject pool = value.Object("kernel_size", "stride", "padding");
        int kernelSize = pool["kernel_size"].Integer(1, 64);

        // More padding than half a window would leave windows with nothing in them.
        return (kernelSize, pool["stride"].Integer(1, 64), pool["padding"].Integer(0, kernelSize / 2));
    }

    private static LayerSpec ReadLinear(StrictObject linear, HashSet<string> names)
    {
        string name = Name(linear["name"], names);
        bool bias = linear["bias"].Flag();
        StrictValue outFeatures = linear["out_features"];
        if (outFeatures.IsText)
        {
            outFeatures.Text(text => text == Classes, $"a whole number or \"{Classes}\"");
            return new ClassifierSpec(name, bias);
        }

        return new LinearSpec(name, outFeatures.Integer(1, MaxChannels), bias);
    }

    private static string Name(StrictValue value, HashSet<string> names)
    {
        string name = value.Text(ShortName.IsValid, ShortName.Description);
        if (name.Length > 0 && !names.Add(name))
        {
            value.Fault($"expected a name of its own; found {name} a second time");
        }

        return name;
    }

    private static JsonObject WriteLayer(LayerSpec layer) => layer switch
    {
        ConvolutionSpec convolution => Layer("convolution", new()
        {
            ["name"] = convolution.Name,
            ["out_channels"] = convolution.OutChannels,
            ["kernel_size"] = convolution.KernelSize,
            ["stride"] = convolution.Stride,
            ["padding"] = convolution.Padding,
            ["bias"] = convolution.Bias,
        }),
        BatchNormSpec norm => Layer("batch_norm", new()
        {
            ["name"] = norm.Name,
            ["epsilon"] = norm.Epsilon,
            ["momentum"] = norm.Momentum,
        }),
        ReluSpec => Layer("relu", []),
        MaxPoolSpec pool => Layer("max_pool", WritePool(pool.KernelSize, pool.Stride, pool.Padding)),
        AveragePoolSpec pool => Layer("average_pool", WritePool(pool.KernelSize, pool.Stride, pool.Padding)),
        GlobalAveragePoolSpec => Layer("global_average_pool", []),
        GlobalMaxPoolSpec => Layer("global_max_pool", []),
        FlattenSpec => Layer("flatten", []),
        LinearSpec linear => Layer("linear", WriteLinear(linear.Name, linear.OutFeatures, linear.Bias)),
        ClassifierSpec classifier => Layer("linear", WriteLinear(classifier.Name, Classes, classifier.Bias)),
        DropoutSpec dropout => Layer("dropout", new() { ["rate"] = dropout.Rate }),
        ResidualSpec residual => Layer("residual", new()
        {
            ["body"] = WriteLayers(residual.Body),
            ["shortcut"] = WriteLayers(residual.Shortcut),
        }),
        _ => throw new ArgumentException($"A layer of type {layer.GetType().Name} has no JSON form."),
    };

    private static JsonObject Layer(string kind, JsonObject settings) => new() { [kind] = settings };

    private static JsonObject WritePool(int kernelSize, int stride, int padding) => new()
    {
        ["kernel_size"] = kernelSize,
        ["stride"] = stride,
        ["padding"] = padding,
    };

    private static JsonObject WriteLinear(string name, JsonNode outFeatures, bool bias) => new()
    {
        ["name"] = name,
        ["out_features"] = outFeatures,
        ["bias"] = bias,
    };

    private static JsonArray Numbers(IReadOnlyList<int> numbers) => [.. numbers.Select(number => JsonValue.Create(number))];
}
