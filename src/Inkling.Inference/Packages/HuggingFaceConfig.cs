using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Engine;
using Inkling.Networks;
using Inkling.Preprocessing;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Packages;

/// <summary>
/// <c>config.json</c>: the network and its classes, in the keys that Hugging Face's libraries read.
/// </summary>
/// <remarks>
/// A <see cref="ResNetRecipe"/> is a genuine <c>ResNetForImageClassification</c> that <c>transformers</c> loads unaided.
/// A network given layer by layer is <c>"model_type": "inkling"</c> with the layers in the recipe's form; only Inkling
/// and the ONNX file know those. Keys that others have added are read over.
/// </remarks>
/// <param name="Network">The network before its classes are known.</param>
/// <param name="Channels">Input channels of the weights in the package: 3 if the first layer is a convolution, otherwise as
/// trained.</param>
/// <param name="Height">Of the input, in pixels.</param>
/// <param name="Width">Of the input, in pixels.</param>
/// <param name="Classes">Names in the order of the logits; each once.</param>
public sealed record HuggingFaceConfig(
    NetworkRecipe Network, int Channels, int Height, int Width, IReadOnlyList<string> Classes)
{
    private static readonly ResNetRecipe UnsetResNet = new(new ResNet(0, [], []));
    private static readonly LayersRecipe UnsetLayers = new([]);
    private static readonly JsonForm<int> Side = Integer(1, InputRecipe.MaxSide);
    private static readonly JsonForm<IReadOnlyList<int>> Sides = List(Side, 2, 2);

    // One number for a square, otherwise height and width.
    private static readonly JsonForm<(int Height, int Width)> Size = Of(
        ReadSize,
        size => size.Height == size.Width ? size.Height : Sides.Write([size.Height, size.Width]));

    private static readonly HuggingFaceConfig Empty = new(UnsetLayers, 0, 0, 0, []);

    private static readonly JsonShape<HuggingFaceConfig> ResNetKeys = new JsonShape<HuggingFaceConfig>(Empty, isOpen: true)
        .Include(NetworkJson.ResNet, x => ((ResNetRecipe)x.Network).Architecture, (x, v) => x with { Network = new ResNetRecipe(v) })
        .Written("architectures", _ => new JsonArray("ResNetForImageClassification"))
        .Constant("layer_type", OneOf("basic"), "basic")
        .Constant("hidden_act", OneOf("relu"), "relu")
        .Constant("downsample_in_first_stage", Of(ReadFalse, flag => flag), false)
        .Written("downsample_in_bottleneck", _ => false);

    private static readonly JsonShape<HuggingFaceConfig> LayersKeys = new JsonShape<HuggingFaceConfig>(Empty, isOpen: true)
        .Required("layers", NetworkJson.Layers, x => ((LayersRecipe)x.Network).Layers, (x, v) => x with { Network = new LayersRecipe(v) });

    private static readonly JsonShape<HuggingFaceConfig> Json = new JsonShape<HuggingFaceConfig>(Empty, isOpen: true)
        .Required(
            "model_type",
            OneOf<NetworkRecipe>(("resnet", UnsetResNet), ("inkling", UnsetLayers)),
            x => UnsetOf(x.Network),
            (x, v) => x with { Network = v })
        .Include(x => x.Network is ResNetRecipe ? ResNetKeys : x.Network is LayersRecipe ? LayersKeys : null)
        .Required("num_channels", Integer(1, 4), x => x.Channels, (x, v) => x with { Channels = v })
        .Required("image_size", Size, x => (x.Height, x.Width), (x, v) => x with { Height = v.Height, Width = v.Width })
        .Required("num_labels", Integer(1, PackageJson.MaxClasses), x => x.Classes.Count, (x, v) => x with { Classes = new string[v] })
        .Required("id2label", x => Labels(x.Classes.Count), x => x.Classes, (x, v) => x with { Classes = v })
        .Written("label2id", x => new JsonObject(x.Classes.Select((name, id) => KeyValuePair.Create(name, (JsonNode?)id))))
        .Written("torch_dtype", _ => "float32")
        // Without this, transformers.js in a browser asks for a quantised file that we don't publish.
        .Written("transformers.js_config", _ => new JsonObject { ["dtype"] = "fp32" });

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ModelFormatException">A key is missing, or has a value that no network of ours has.</exception>
    /// <exception cref="IOException">The file is absent or unreadable.</exception>
    public static HuggingFaceConfig Read(string path) =>
        PackageJson.Read(path, "the config.json of an image classifier", Json);

    /// <summary>Writes the canonical bytes.</summary>
    /// <exception cref="IOException">The folder is absent or the disk full.</exception>
    public void Write(string path) => AtomicFile.Write(path, CanonicalJson.Write(ToJson()));

    /// <summary>The tree to write.</summary>
    public JsonObject ToJson() => Json.Write(this);

    private static NetworkRecipe UnsetOf(NetworkRecipe network) => network switch
    {
        ResNetRecipe => UnsetResNet,
        LayersRecipe => UnsetLayers,
        _ => throw new ArgumentException($"A network of type {network.GetType().Name} has no config.json."),
    };

    private static (int Height, int Width) ReadSize(StrictValue value)
    {
        if (value.IsList)
        {
            return Sides.Read(value) is [int height, int width] ? (height, width) : default;
        }

        int side = Side.Read(value);
        return (side, side);
    }

    private static bool ReadFalse(StrictValue value)
    {
        bool flag = value.Flag();
        if (flag)
        {
            value.Fault("expected false; found true");
        }

        return flag;
    }

    private static JsonForm<IReadOnlyList<string>> Labels(int count) => Of<IReadOnlyList<string>>(
        value => ReadLabels(value, count),
        classes => new JsonObject(classes.Select((name, id) => KeyValuePair.Create(Key(id), (JsonNode?)name))));

    private static string[] ReadLabels(StrictValue labels, int classes)
    {
        IReadOnlyDictionary<string, string> names = labels.Map(label => label.Text());
        string[] ordered = [.. Enumerable.Range(0, classes).Select(id => names.GetValueOrDefault(Key(id), ""))];
        if (!labels.IsMissing && (names.Count != classes || ordered.Contains("") || ordered.Distinct().Count() != classes))
        {
            labels.Fault($"expected a label of its own for each id from 0 to {classes - 1}; found {names.Count} labels");
        }

        return ordered;
    }

    private static string Key(int id) => id.ToString(CultureInfo.InvariantCulture);
}
