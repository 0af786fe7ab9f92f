namespace Inkling.Imaging;

/// <summary>An upright picture without transparency: 8 bits a channel, rows from the top.</summary>
public sealed class DecodedImage
{
    /// <summary>Wraps pixels without copying them.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="pixels">[height, width, channels], row-major.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="pixels"/> is not that of the shape.</exception>
    public DecodedImage(int width, int height, int channels, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"An image has 1 or 3 channels, not {channels}.", nameof(channels));
        }

        if (pixels.LongLength != (long)width * height * channels)
        {
            throw new ArgumentException(
                $"{pixels.LongLength} bytes cannot be [{height}, {width}, {channels}].", nameof(pixels));
        }

        Width = width;
        Height = height;
        Channels = channels;
        Pixels = pixels;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>[Height, Width, Channels], row-major.</summary>
    public byte[] Pixels { get; }

    /// <summary>The picture as planes, [channels, Height, Width], in grey or colour.</summary>
    /// <param name="channels">1 (ITU-R 601 luma) or 3; a grey picture gives three equal planes.</param>
    public byte[] ToPlanes(int channels)
    {
        if (channels == 1)
        {
            return GreyImage.FromLuma(this).Pixels;
        }

        int plane = Width * Height;
        byte[] planes = new byte[channels * plane];
        for (int channel = 0; channel < channels; channel++)
        {
            int from = channel % Channels;
            for (int pixel = 0; pixel < plane; pixel++, from += Channels)
            {
                planes[channel * plane + pixel] = Pixels[from];
            }
        }

        return planes;
    }
}
