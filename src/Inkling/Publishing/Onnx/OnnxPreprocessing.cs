using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Publishing.Onnx.Schema;
using Inkling.Preprocessing;

namespace Inkling.Publishing.Onnx;

/// <summary>
/// <see cref="EvaluationTransform"/> as ONNX operators, bit for bit: raw bytes resized as Pillow does, then normalised.
/// </summary>
/// <remarks>
/// Resizing is a product with a constant matrix along either axis. Everything is computed in double precision, where it is exact:
/// pixels have 8 bits and weights 22 behind the point, so no order of a sum and no fused operation can change one; and
/// pixel·gain + offset is rounded once, when it becomes single precision, as in the engine's fused multiply-add.
/// </remarks>
internal static class OnnxPreprocessing
{
    /// <summary>From bytes to the network's input.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="bytes">[N, H, W] for grey images, [N, H, W, 3] for colour.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="normalization">One for each channel.</param>
    /// <param name="input">The network's input.</param>
    /// <returns>[N, C, input height, input width] in single precision.</returns>
    internal static string Add(OnnxGraph graph, string bytes, int height, int width, Normalization normalization, Shape input)
    {
        string planes = input.Channels == 1
            ? graph.Unsqueeze(bytes, 1)
            : graph.Add("Transpose", [bytes], OnnxGraph.Integers("perm", 0, 3, 1, 2));
        string pixels = Cast(graph, planes, TensorProto.Types.DataType.Double);
        if (width != input.Width)
        {
            string columns = graph.Constant(
                "resize.columns", [width, input.Width], Matrix(new TriangleFilter(width, input.Width), transposed: true));
            pixels = RoundToByte(graph, graph.Add("MatMul", [pixels, columns]));
        }

        if (height != input.Height)
        {
            string rows = graph.Constant(
                "resize.rows", [input.Height, height], Matrix(new TriangleFilter(height, input.Height), transposed: false));
            pixels = RoundToByte(graph, graph.Add("MatMul", [rows, pixels]));
        }

        PixelNormalization[] channels = normalization.ToPixels();
        string gain = graph.Constant("normalize.gain", [channels.Length, 1, 1], channels.Select(c => (double)c.Gain).ToArray());
        string offset = graph.Constant("normalize.offset", [channels.Length, 1, 1], channels.Select(c => (double)c.Offset).ToArray());
        string normalized = graph.Add("Add", [graph.Add("Mul", [pixels, gain]), offset]);
        return Cast(graph, normalized, TensorProto.Types.DataType.Float);
    }

    /// <summary>[target, source], or transposed.</summary>
    private static double[] Matrix(TriangleFilter filter, bool transposed)
    {
        double[] matrix = new double[filter.SourceSize * filter.Size];
        for (int target = 0; target < filter.Size; target++)
        {
            ReadOnlySpan<int> weights = filter.Weights(target);
            for (int tap = 0; tap < weights.Length; tap++)
            {
                int source = filter.First(target) + tap;
                int place = transposed ? source * filter.Size + target : target * filter.SourceSize + source;
                matrix[place] = weights[tap] / (double)(1 << TriangleFilter.PrecisionBits);
            }
        }

        return matrix;
    }

    /// <summary>To the nearest whole number, halves upwards. Weights are positive and their sum is 1, so it is a byte.</summary>
    private static string RoundToByte(OnnxGraph graph, string value) =>
        graph.Add("Floor", [graph.Add("Add", [value, graph.Half()])]);

    private static string Cast(OnnxGraph graph, string value, TensorProto.Types.DataType type) =>
        graph.Add("Cast", [value], OnnxGraph.Integer("to", (long)type));
}
