using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;

namespace Inkling.Cli.Onnx;

/// <summary>Images in the three forms that the engine and the two ONNX files take.</summary>
internal sealed class NetworkInputs(ImageSet images, Normalization normalization, Shape input)
{
    /// <summary>For the engine.</summary>
    internal PreprocessedImages Source { get; } = new(images, normalization);

    private int Repeats => input.Channels == 1 ? 3 : 1;

    /// <summary>[N, 3, H, W], normalised; grey images in three equal channels.</summary>
    internal float[] InColour(int[] samples) =>
        [.. samples.SelectMany(sample => Enumerable.Repeat(Source.Dense(sample, input), Repeats).SelectMany(pixels => pixels))];

    internal long[] ColourShape(int count) => [count, input.Channels * Repeats, input.Height, input.Width];

    /// <summary>[N, H, W] for grey images, [N, H, W, 3] for colour.</summary>
    internal byte[] Raw(int[] samples)
    {
        int plane = images.Height * images.Width;
        byte[] bytes = new byte[samples.Length * images.ImageLength];
        for (int i = 0; i < bytes.Length; i++)
        {
            int pixel = i % images.ImageLength;
            bytes[i] = images.Image(samples[i / images.ImageLength])[pixel % images.Channels * plane + pixel / images.Channels];
        }

        return bytes;
    }

    internal long[] RawShape(int count) =>
        input.Channels == 1 ? [count, images.Height, images.Width] : [count, images.Height, images.Width, input.Channels];
}
