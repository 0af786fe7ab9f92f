using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Preprocessing;
using Inkling.Publishing.Onnx;
using Inkling.Tests.Engine.Support;
using Inkling.Tests.Support;

namespace Inkling.Tests.Packaging.Onnx;

/// <summary>The two ONNX files in ONNX Runtime against the engine, on random weights and images.</summary>
public sealed class OnnxModelTests
{
    /// <summary>
    /// Of the largest logit: both sides compute in single precision, up to ten layers with sums of up to 600 terms in orders of
    /// their own, and here batch norm's scale is rounded into the filters.
    /// </summary>
    private const double Tolerance = 1e-5;

    private const int Images = 5;

    private static readonly string[] ClassNames = [.. Enumerable.Range(0, OnnxNetworks.Classes).Select(k => $"class {k}")];

    [Theory]
    [MemberData(nameof(OnnxNetworks.Names), MemberType = typeof(OnnxNetworks))]
    public void Plain_AnyNetwork_GivesTheEnginesLogits(string name)
    {
        using NetworkWeights weights = OnnxNetworks.Random(name);
        Shape input = weights.Network.Input;
        SyntheticImages images = SyntheticImages.Random(input, Images, OnnxNetworks.Classes, seed: 9);
        using var onnx = new OnnxRun(OnnxModel.Plain(weights, ClassNames));

        int channels = input.Channels == 1 ? 3 : input.Channels;
        float[] pixels = [.. images.Pixels.Chunk(input.Count).SelectMany(
            image => Enumerable.Repeat(image, channels / input.Channels).SelectMany(x => x))];
        float[] logits = onnx.Run<float, float>("pixel_values", pixels, [Images, channels, input.Height, input.Width], "logits");

        Numbers.AssertClose(ToDouble(Logits(weights, images, Images)), logits, Tolerance, name);
    }

    [Theory]
    [MemberData(nameof(OnnxNetworks.OfPictures), MemberType = typeof(OnnxNetworks))]
    public void WithPreprocessing_AnyNetwork_GivesTheEnginesProbabilitiesForRawBytes(string name)
    {
        const double Temperature = 0.7;
        using NetworkWeights weights = OnnxNetworks.Random(name);
        int channels = weights.Network.Input.Channels;
        ImageSet images = RandomImages(channels, 19, 23);
        var normalization = new Normalization(
            [.. Enumerable.Range(0, channels).Select(c => 0.13 + 0.01 * c)], [.. Enumerable.Range(0, channels).Select(
                c => 0.31 - 0.01 * c)]);
        using var onnx = new OnnxRun(OnnxModel.WithPreprocessing(weights, normalization, 19, 23, ClassNames, Temperature));

        int[] shape = channels == 1 ? [Images, 19, 23] : [Images, 19, 23, channels];
        float[] probabilities = onnx.Run<byte, float>("images", Interleaved(images), shape, "probabilities");
        long[] labels = onnx.Run<byte, long>("images", Interleaved(images), shape, "label");

        float[] logits = Logits(weights, Preprocessed(images, normalization, weights.Network.Input), Images);
        float[] expected = new LabelledLogits(new int[Images], logits, OnnxNetworks.Classes).Probabilities(Temperature);
        Numbers.AssertClose(ToDouble(expected), probabilities, Tolerance, name);
        Assert.Equal(expected.Chunk(OnnxNetworks.Classes).Select(row => (long)Array.IndexOf(row, row.Max())), labels);
    }

    [Fact]
    public void Plain_GreyStem_TakesColourAsItsLuma()
    {
        using NetworkWeights weights = OnnxNetworks.Random("resnet of two stages");
        float[] red = Numbers.Uniform(1, 28 * 28, -1, 1);
        float[] green = Numbers.Uniform(2, 28 * 28, -1, 1);
        float[] blue = Numbers.Uniform(3, 28 * 28, -1, 1);
        float[] luma = [.. red.Select((r, i) => (float)(0.299 * r + 0.587 * green[i] + 0.114 * blue[i]))];
        using var onnx = new OnnxRun(OnnxModel.Plain(weights, ClassNames));

        float[] colour = onnx.Run<float, float>("pixel_values", [.. red, .. green, .. blue], [1, 3, 28, 28], "logits");

        float[] grey = Logits(weights, new SyntheticImages(weights.Network.Input, luma, [0]), 1);
        Numbers.AssertClose(ToDouble(grey), colour, Tolerance, "logits");
    }

    [Fact]
    public void Plain_File_HasTheNamesAndShapesThatClientsExpect()
    {
        using NetworkWeights weights = OnnxNetworks.Random("resnet of two stages");
        using var onnx = new OnnxRun(OnnxModel.Plain(weights, ClassNames));

        Assert.Equal([-1, 3, 28, 28], Assert.Single(onnx.Inputs, input => input.Key == "pixel_values").Value.Dimensions);
        Assert.Equal([-1, 7], Assert.Single(onnx.Outputs, output => output.Key == "logits").Value.Dimensions);
        Assert.Equal("[\"class 0\",\"class 1\",\"class 2\",\"class 3\",\"class 4\",\"class 5\",\"class 6\"]", onnx.Metadata["classes"]);
    }

    [Fact]
    public void Files_OfEqualModels_AreEqualBytes()
    {
        var normalization = new Normalization([0.1307], [0.3081]);
        using NetworkWeights one = OnnxNetworks.Random("resnet with deep stages");
        using NetworkWeights other = OnnxNetworks.Random("resnet with deep stages");

        Assert.Equal(OnnxModel.Plain(one, ClassNames), OnnxModel.Plain(other, ClassNames));
        Assert.Equal(
            OnnxModel.WithPreprocessing(one, normalization, 28, 28, ClassNames, 1),
            OnnxModel.WithPreprocessing(other, normalization, 28, 28, ClassNames, 1));
    }

    private static float[] Logits(NetworkWeights weights, IImageSource images, int count)
    {
        using var team = new WorkerTeam(1);
        using var predictor = new Predictor(weights, team);
        float[] probabilities = new float[count * weights.Network.Classes];
        float[] logits = new float[probabilities.Length];
        predictor.Predict(images, Enumerable.Range(0, count).ToArray(), probabilities, logits);
        return logits;
    }

    private static SyntheticImages Preprocessed(ImageSet images, Normalization normalization, Shape input)
    {
        var transform = new EvaluationTransform(
            images.Height, images.Width, normalization.ToPixels(), PlaneLayout.Dense(input.Height, input.Width));
        float[] pixels = new float[images.Count * input.Count];
        for (int i = 0; i < images.Count; i++)
        {
            transform.Apply(images.Image(i), pixels.AsSpan(i * input.Count, input.Count));
        }

        return new SyntheticImages(input, pixels, images.Labels.ToArray());
    }

    private static ImageSet RandomImages(int channels, int height, int width) => new(
        channels, height, width, OnnxNetworks.Classes,
        [.. Numbers.Uniform(5, Images * channels * height * width, 0, 256).Select(value => (byte)value)],
        new int[Images],
        new Dictionary<string, string>());

    /// <summary>[N, C, H, W] to [N, H, W, C], as decoders give pictures.</summary>
    private static byte[] Interleaved(ImageSet images)
    {
        int plane = images.Height * images.Width;
        byte[] pixels = new byte[images.Pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            int image = i / images.ImageLength;
            int channel = i / plane % images.Channels;
            pixels[image * images.ImageLength + i % plane * images.Channels + channel] = images.Pixels[i];
        }

        return pixels;
    }

    private static double[] ToDouble(float[] values) => [.. values.Select(value => (double)value)];
}
