using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Engine;
using Inkling.Networks;
using Inkling.Preprocessing;
using Inkling.Serialization;

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
/// <param name="Channels">Input channels of the weights in the package: 3 if the first layer is a convolution, otherwise as trained.</param>
/// <param name="Height">Of the input, in pixels.</param>
/// <param name="Width">Of the input, in pixels.</param>
/// <param name="Classes">Names in the order of the logits; each once.</param>
public sealed record HuggingFaceConfig(
    NetworkRecipe Network, int Channels, int Height, int Width, IReadOnlyList<string> Classes)
{
    private const string ResNetType = "resnet";
    private const string LayersType = "inkling";

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ModelFormatException">A key is missing, or has a value that no network of ours has.</exception>
    /// <exception cref="IOException">The file is absent or unreadable.</exception>
    public static HuggingFaceConfig Read(string path) =>
        PackageJson.Read(path, "the config.json of an image classifier", FromJson);

    /// <summary>Writes the canonical bytes.</summary>
    /// <exception cref="IOException">The folder is absent or the disk full.</exception>
    public void Write(string path) => AtomicFile.Write(path, CanonicalJson.Write(ToJson()));

    /// <summary>The tree to write.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = Network switch
        {
            ResNetRecipe { Architecture: ResNet resNet } => ResNetJson(resNet),
            LayersRecipe list => new JsonObject { ["model_type"] = LayersType, ["layers"] = NetworkJson.WriteLayers(list.Layers) },
            _ => throw new ArgumentException($"A network of type {Network.GetType().Name} has no config.json."),
        };

        json["num_channels"] = Channels;
        json["image_size"] = Height == Width ? Height : new JsonArray(Height, Width);
        json["num_labels"] = Classes.Count;
        json["id2label"] = new JsonObject(Classes.Select((name, id) => KeyValuePair.Create(Key(id), (JsonNode?)name)));
        json["label2id"] = new JsonObject(Classes.Select((name, id) => KeyValuePair.Create(name, (JsonNode?)id)));
        json["torch_dtype"] = "float32";

        // Without this, transformers.js in a browser asks for a quantised file that we don't publish.
        json["transformers.js_config"] = new JsonObject { ["dtype"] = "fp32" };
        return json;
    }

    private static JsonObject ResNetJson(ResNet resNet)
    {
        JsonObject json = NetworkJson.WriteResNet(resNet);
        json["architectures"] = PackageJson.Array(["ResNetForImageClassification"]);
        json["model_type"] = ResNetType;
        json["layer_type"] = "basic";
        json["hidden_act"] = "relu";
        json["downsample_in_first_stage"] = false;
        json["downsample_in_bottleneck"] = false;
        return json;
    }

    private static HuggingFaceConfig FromJson(StrictValue value)
    {
        StrictObject config = value.Members("model_type", "num_channels", "image_size", "num_labels", "id2label");
        StrictValue type = config["model_type"];
        string modelType = type.Text(text => text is ResNetType or LayersType, $"\"{ResNetType}\" or \"{LayersType}\"");
        NetworkRecipe network = modelType == ResNetType ? ReadResNet(value) : ReadLayers(value, modelType);

        (int height, int width) = ReadSize(config["image_size"]);
        return new HuggingFaceConfig(
            network, config["num_channels"].Integer(1, 4), height, width, ReadClasses(config["num_labels"], config["id2label"]));
    }

    private static ResNetRecipe ReadResNet(StrictValue value)
    {
        StrictObject config = value.Members(
            "embedding_size", "hidden_sizes", "depths", "layer_type", "hidden_act", "downsample_in_first_stage");
        config["layer_type"].Text(text => text == "basic", "\"basic\"");
        config["hidden_act"].Text(text => text == "relu", "\"relu\"");
        if (config["downsample_in_first_stage"].Flag())
        {
            config["downsample_in_first_stage"].Fault("expected false; found true");
        }

        return new ResNetRecipe(NetworkJson.ReadResNet(config, value));
    }

    // An unknown type has been reported; it says nothing about which keys to expect.
    private static LayersRecipe ReadLayers(StrictValue value, string modelType) =>
        new(modelType == LayersType ? NetworkJson.ReadLayers(value.Members("layers")["layers"]) : []);

    private static (int Height, int Width) ReadSize(StrictValue value)
    {
        if (!value.IsList)
        {
            int side = value.Integer(1, InputRecipe.MaxSide);
            return (side, side);
        }

        IReadOnlyList<int> sides = value.List(new Interval(2, 2), side => side.Integer(1, InputRecipe.MaxSide));
        return sides is [int height, int width] ? (height, width) : default;
    }

    private static string[] ReadClasses(StrictValue count, StrictValue labels)
    {
        int classes = count.Integer(1, PackageJson.MaxClasses);
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
