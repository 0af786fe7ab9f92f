namespace Inkling.Imaging;

/// <summary>One plane of 8-bit values, and the measurements on it that framing a digit needs.</summary>
internal sealed class GreyImage(int width, int height, byte[] pixels)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>[Height, Width], row-major.</summary>
    public byte[] Pixels { get; } = pixels;

    public ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * Width, Width);

    /// <summary>A copy of the image in grey: ITU-R 601 luma in 16-bit fixed point, bit for bit Pillow's <c>convert("L")</c>.</summary>
    public static GreyImage FromLuma(DecodedImage image)
    {
        if (image.Channels == 1)
        {
            return new GreyImage(image.Width, image.Height, (byte[])image.Pixels.Clone());
        }

        byte[] grey = new byte[image.Width * image.Height];
        for (int i = 0; i < grey.Length; i++)
        {
            ReadOnlySpan<byte> rgb = image.Pixels.AsSpan(3 * i, 3);
            grey[i] = (byte)((rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16);
        }

        return new GreyImage(image.Width, image.Height, grey);
    }

    /// <summary>This image, or a smaller one whose longer side is <paramref name="side"/>.</summary>
    public GreyImage ReducedTo(int side)
    {
        int longer = Math.Max(Width, Height);
        return longer <= side
            ? this
            : Resized(
                Math.Max((int)((long)Width * side / longer), 1),
                Math.Max((int)((long)Height * side / longer), 1));
    }

    public GreyImage Resized(int width, int height)
    {
        byte[] resized = new byte[width * height];
        new BilinearResize(Height, Width, height, width).Resize(Pixels, 1, resized);
        return new GreyImage(width, height, resized);
    }

    public GreyImage Crop(int left, int top, int width, int height)
    {
        byte[] cropped = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            Row(top + y).Slice(left, width).CopyTo(cropped.AsSpan(y * width));
        }

        return new GreyImage(width, height, cropped);
    }

    /// <summary>The lower median of the outermost pixels: the background, even where a stroke runs off the image.</summary>
    public int BorderMedian()
    {
        List<byte> border = [.. Row(0), .. Row(Height - 1)];
        for (int y = 1; y < Height - 1; y++)
        {
            border.Add(Row(y)[0]);
            border.Add(Row(y)[^1]);
        }

        border.Sort();
        return border[(border.Count - 1) / 2];
    }

    /// <summary>The smallest box around every pixel that isn't 0; there must be one.</summary>
    public (int Left, int Top, int Width, int Height) InkBox()
    {
        int left = Width;
        int right = -1;
        int top = Height;
        int bottom = -1;
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> row = Row(y);
            int first = row.IndexOfAnyExcept((byte)0);
            if (first < 0)
            {
                continue;
            }

            left = Math.Min(left, first);
            right = Math.Max(right, row.LastIndexOfAnyExcept((byte)0));
            top = Math.Min(top, y);
            bottom = y;
        }

        return (left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>The mean position of the ink in pixels, 0.5 being the middle of the first; some pixel must not be 0.</summary>
    public (double X, double Y) CenterOfMass()
    {
        long mass = 0;
        long momentX = 0;
        long momentY = 0;
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> row = Row(y);
            for (int x = 0; x < Width; x++)
            {
                mass += row[x];
                momentX += (long)row[x] * x;
                momentY += (long)row[x] * y;
            }
        }

        return ((double)momentX / mass + 0.5, (double)momentY / mass + 0.5);
    }
}
