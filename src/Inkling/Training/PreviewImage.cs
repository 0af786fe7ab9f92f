using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;

namespace Inkling.Training;

/// <summary>An image of a batch: as the dataset has it, and as the network sees it.</summary>
/// <param name="Sample">Index in the training images.</param>
/// <param name="Label">Its class.</param>
/// <param name="Target">What the network should answer: a probability for each class, before label smoothing.</param>
/// <param name="Original">The dataset's pixels.</param>
/// <param name="Input">The network's input, brought back from its normalisation to 0 … 255 and clipped there.</param>
public sealed record PreviewImage(int Sample, int Label, IReadOnlyList<double> Target, PixelPlanes Original, PixelPlanes Input)
{
    /// <summary>Renders images of an epoch through the very code that training loads them with.</summary>
    internal static IReadOnlyList<PreviewImage> Render(
        ImageSet images, TrainingImages source, Normalization normalization, int epoch, ReadOnlySpan<int> samples, Shape input)
    {
        PixelNormalization[] pixels = normalization.ToPixels();
        PlaneLayout layout = PlaneLayout.Dense(input.Height, input.Width);
        float[] values = new float[layout.Extent(images.Channels)];
        double[] target = new double[images.ClassCount];
        var previews = new List<PreviewImage>(samples.Length);
        foreach (int sample in samples)
        {
            source.Write(epoch, sample, layout, values);
            source.Target(epoch, sample, images.Labels[sample], target);
            byte[] seen = [.. values.Select((value, i) => ToByte(value, pixels[i / layout.PlaneStride]))];
            previews.Add(new PreviewImage(
                sample,
                images.Labels[sample],
                [.. target],
                new PixelPlanes(images.Channels, images.Height, images.Width, images.Image(sample).ToArray()),
                new PixelPlanes(images.Channels, input.Height, input.Width, seen)));
        }

        return previews;
    }

    private static byte ToByte(float value, PixelNormalization normalization) =>
        (byte)Math.Clamp(Math.Round((value - normalization.Offset) / (double)normalization.Gain), 0, 255);
}

/// <summary>Pixels to look at.</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Values">[channels, height, width], 0 to 255.</param>
public sealed record PixelPlanes(int Channels, int Height, int Width, ReadOnlyMemory<byte> Values);
