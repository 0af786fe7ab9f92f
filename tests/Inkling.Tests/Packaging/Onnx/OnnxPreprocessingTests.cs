using Inkling.Engine;
using Inkling.Publishing.Onnx.Schema;
using Inkling.Preprocessing;
using Inkling.Publishing.Onnx;
using Inkling.Tests.Engine.Support;
using Inkling.Tests.Support;

namespace Inkling.Tests.Packaging.Onnx;

public sealed class OnnxPreprocessingTests
{
    [Theory]
    [InlineData(1, 28, 28, 56, 56)]
    [InlineData(1, 28, 28, 28, 28)]
    [InlineData(1, 28, 28, 28, 37)]
    [InlineData(1, 100, 51, 56, 40)]
    [InlineData(1, 300, 2, 3, 64)]
    [InlineData(1, 1, 1, 9, 9)]
    [InlineData(3, 32, 32, 56, 56)]
    [InlineData(3, 97, 33, 20, 45)]
    public void Add_BytesOfAnySize_GivesEveryBitOfOurPreprocessing(int channels, int sourceHeight, int sourceWidth, int height, int width)
    {
        const int Images = 3;
        var normalization = new Normalization([.. new[] { 0.1307, 0.2, 0.5 }[..channels]], [.. new[] { 0.3081, 0.29, 0.123 }[..channels]]);
        byte[] bytes = [.. Numbers.Uniform(8, Images * sourceHeight * sourceWidth * channels, -20, 276).Select(
            value => (byte)Math.Clamp(value, 0, 255))];
        var graph = new OnnxGraph("preprocessing");
        int[] shape = channels == 1 ? [sourceHeight, sourceWidth] : [sourceHeight, sourceWidth, channels];
        string input = graph.Input("bytes", TensorProto.Types.DataType.Uint8, shape);
        string result = OnnxPreprocessing.Add(graph, input, sourceHeight, sourceWidth, normalization, new Shape(channels, height, width));
        graph.Output(result, "pixels", TensorProto.Types.DataType.Float, channels, height, width);
        using var onnx = new OnnxRun(graph.ToBytes());

        float[] actual = onnx.Run<byte, float>("bytes", bytes, [Images, .. shape], "pixels");

        var transform = new EvaluationTransform(sourceHeight, sourceWidth, normalization.ToPixels(), PlaneLayout.Dense(height, width));
        float[] expected = new float[Images * channels * height * width];
        foreach ((int i, byte[] image) in bytes.Chunk(sourceHeight * sourceWidth * channels).Index())
        {
            byte[] planes = [.. Enumerable.Range(0, channels).SelectMany(c => image.Where((_, at) => at % channels == c))];
            transform.Apply(planes, expected.AsSpan(i * channels * height * width, channels * height * width));
        }

        Numbers.AssertSameBits(expected, actual, "pixels");
    }
}
