using Inkling.Engine;
using Inkling.Packages;
using Inkling.Publishing.Onnx.Schema;
using Inkling.Preprocessing;
using Inkling.Serialization;

namespace Inkling.Publishing.Onnx;

/// <summary>The two ONNX files of a package. Equal models give equal bytes.</summary>
/// <remarks>Rules: docs/formats.md#onnx.</remarks>
public static class OnnxModel
{
    /// <summary><c>onnx/model.onnx</c>: <c>pixel_values</c> [N, 3, H, W], normalised, to <c>logits</c> [N, K].</summary>
    /// <param name="weights">The model.</param>
    /// <param name="classes">Names in the order of the logits.</param>
    public static byte[] Plain(NetworkWeights weights, IReadOnlyList<string> classes)
    {
        Shape input = weights.Network.Input;
        var graph = new OnnxGraph("classifier");
        string pixels = graph.Input(
            "pixel_values", TensorProto.Types.DataType.Float, input.Channels == 1 ? GreyStem.ColourChannels : input.Channels, input.Height,
            input.Width);
        string logits = new OnnxNetwork(graph, weights).FromColour(pixels);
        graph.Output(logits, "logits", TensorProto.Types.DataType.Float, classes.Count);
        return graph.ToBytes(Metadata(classes));
    }

    /// <summary>
    /// <c>onnx/model_with_preprocessing.onnx</c>: <c>images</c>, raw bytes as they are in the dataset, to <c>probabilities</c>
    /// [N, K] and <c>label</c> [N].
    /// </summary>
    /// <param name="weights">The model.</param>
    /// <param name="normalization">Of the images that trained.</param>
    /// <param name="height">Of the images, in pixels.</param>
    /// <param name="width">Of the images, in pixels.</param>
    /// <param name="classes">Names in the order of the logits.</param>
    /// <param name="temperature">What the logits are divided by on their way to probabilities; 1 leaves them as they are.</param>
    /// <remarks>Grey images are [N, H, W], colour images [N, H, W, 3], 0 to 255.</remarks>
    public static byte[] WithPreprocessing(
        NetworkWeights weights, Normalization normalization, int height, int width, IReadOnlyList<string> classes, double temperature)
    {
        Shape input = weights.Network.Input;
        var graph = new OnnxGraph("classifier_with_preprocessing");
        int[] shape = input.Channels == 1 ? [height, width] : [height, width, input.Channels];
        string bytes = graph.Input("images", TensorProto.Types.DataType.Uint8, shape);
        string pixels = OnnxPreprocessing.Add(graph, bytes, height, width, normalization, input);
        string logits = new OnnxNetwork(graph, weights).FromTrainedChannels(pixels);
        string probabilities = graph.Add("Softmax", [Scaled(graph, logits, temperature)], OnnxGraph.Integer("axis", 1));
        string label = graph.Add("ArgMax", [logits], OnnxGraph.Integer("axis", 1), OnnxGraph.Integer("keepdims", 0));
        graph.Output(probabilities, "probabilities", TensorProto.Types.DataType.Float, classes.Count);
        graph.Output(label, "label", TensorProto.Types.DataType.Int64);
        return graph.ToBytes(Metadata(classes));
    }

    private static string Scaled(OnnxGraph graph, string logits, double temperature) => temperature == 1
        ? logits
        : graph.Add("Div", [logits, graph.Constant("temperature", [], new[] { (float)temperature })]);

    private static (string Key, string Value) Metadata(IReadOnlyList<string> classes) =>
        ("classes", CanonicalJson.WriteLine(JsonForm.List(JsonForm.Text).Write(classes)));
}
