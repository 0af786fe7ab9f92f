using Inkling.Engine;

namespace Inkling.Benchmarks;

/// <summary>Planar images of uniform noise in [−0.5, 0.5), copied as a loader would.</summary>
internal sealed class NoiseImages(Shape shape, int count) : IImageSource
{
    /// <summary>[N, C, H, W].</summary>
    internal float[] Pixels { get; } = CreatePixels(shape.Count * count);

    public int Load(int epoch, int sample, ImageView destination)
    {
        Span<float> planes = destination.Planes;
        for (int row = 0; row < shape.Channels * shape.Height; row++)
        {
            int place = row / shape.Height * destination.ChannelStride + row % shape.Height * destination.RowStride;
            Pixels.AsSpan(sample * shape.Count + row * shape.Width, shape.Width).CopyTo(planes[place..]);
        }

        return sample % 10;
    }

    private static float[] CreatePixels(int length)
    {
        var random = new RandomStream(1, RandomPurpose.Augmentation);
        return [.. Enumerable.Range(0, length).Select(i => random.Uniform((uint)i) - 0.5f)];
    }
}
