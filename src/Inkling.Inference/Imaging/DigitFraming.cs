namespace Inkling.Imaging;

/// <summary>
/// Makes a photograph or drawing of one digit look like an MNIST image: light ink on black, fitted into 20×20, placed in
/// 28×28 with its centre of mass in the middle.
/// </summary>
/// <remarks>
/// The last two steps are those of Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
/// Integer arithmetic and IEEE 754 doubles only: the same picture gives the same bytes everywhere.
/// </remarks>
public static class DigitFraming
{
    /// <summary>Rows and columns of a framed digit.</summary>
    public const int Size = 28;

    /// <summary>The longer side of the digit itself.</summary>
    public const int InkSize = 20;

    /// <summary>Photographs are first reduced to this length: sensor noise, paper grain and dust average out.</summary>
    private const int WorkingSize = 200;

    /// <summary>Below this difference from the background, in grey levels, there is noise but no ink.</summary>
    private const int LeastContrast = 16;

    /// <summary>A border this dark is already MNIST's black.</summary>
    private const int AlmostBlack = 16;

    /// <summary>Frames one picture.</summary>
    /// <returns>
    /// [28, 28], 0 background to 255 ink. A picture that already is 28×28, light on an almost black border, comes
    /// back unchanged. A picture without ink gives zeros.
    /// </returns>
    public static byte[] Frame(DecodedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);

        GreyImage grey = GreyImage.FromLuma(image).ReducedTo(WorkingSize);
        int background = grey.BorderMedian();
        bool darkInk = HasDarkInk(grey.Pixels, background);
        if (image.Width == Size && image.Height == Size && !darkInk && background <= AlmostBlack)
        {
            return grey.Pixels;
        }

        if (!TryIsolateInk(grey, background, darkInk))
        {
            return new byte[Size * Size];
        }

        (int left, int top, int width, int height) = grey.InkBox();
        int longer = Math.Max(width, height);
        GreyImage ink = grey.Crop(left, top, width, height).Resized(ScaledSide(width, longer), ScaledSide(height, longer));

        // Thin pens fade when reduced; the brightest pixel of an MNIST digit is white.
        Stretch(ink.Pixels);
        return CenteredByMass(ink);
    }

    /// <summary>Whether a framed picture holds any ink; one without is no digit, whatever a model says of it.</summary>
    /// <param name="framed">What <see cref="Frame"/> gave.</param>
    public static bool HasInk(ReadOnlySpan<byte> framed) => framed.ContainsAnyExceptInRange<byte>(0, LeastContrast - 1);

    /// <summary>
    /// Whether the ink is darker than the background. Squares decide, so that a few strokes outweigh wide faint shadows.
    /// </summary>
    private static bool HasDarkInk(ReadOnlySpan<byte> pixels, int background)
    {
        long darker = 0;
        long lighter = 0;
        foreach (byte pixel in pixels)
        {
            int difference = pixel - background;
            if (difference < 0)
            {
                darker += difference * difference;
            }
            else
            {
                lighter += difference * difference;
            }
        }

        return darker > lighter;
    }

    /// <summary>Leaves only ink, from 0 to 255, or says that there is none.</summary>
    private static bool TryIsolateInk(GreyImage grey, int background, bool darkInk)
    {
        Span<byte> pixels = grey.Pixels;
        int peak = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            int ink = Math.Max(darkInk ? background - pixels[i] : pixels[i] - background, 0);
            pixels[i] = (byte)ink;
            peak = Math.Max(peak, ink);
        }

        if (peak < LeastContrast)
        {
            return false;
        }

        // Half of Otsu's threshold: above the paper's shading, below the soft edges of strokes.
        int floor = OtsuThreshold(pixels) / 2;
        foreach (ref byte pixel in pixels)
        {
            pixel = (byte)Math.Max(pixel - floor, 0);
        }

        Stretch(pixels);
        return true;
    }

    /// <summary>The level that splits the histogram with the greatest variance between the two classes.</summary>
    /// <remarks>Source: N. Otsu, "A threshold selection method from gray-level histograms", 1979.</remarks>
    private static int OtsuThreshold(ReadOnlySpan<byte> pixels)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        long sum = 0;
        foreach (byte pixel in pixels)
        {
            histogram[pixel]++;
            sum += pixel;
        }

        int threshold = 0;
        double greatest = -1;
        long count = 0;
        long sumBelow = 0;
        for (int level = 0; level < 256; level++)
        {
            count += histogram[level];
            sumBelow += (long)level * histogram[level];
            if (count == 0 || count == pixels.Length)
            {
                continue;
            }

            double meanDifference = (double)sumBelow / count - (double)(sum - sumBelow) / (pixels.Length - count);
            double between = (double)count * (pixels.Length - count) * meanDifference * meanDifference;
            if (between > greatest)
            {
                greatest = between;
                threshold = level;
            }
        }

        return threshold;
    }

    /// <summary>Scales so that the largest value is 255.</summary>
    private static void Stretch(Span<byte> pixels)
    {
        int peak = 0;
        foreach (byte pixel in pixels)
        {
            peak = Math.Max(peak, pixel);
        }

        if (peak == 0)
        {
            return;
        }

        foreach (ref byte pixel in pixels)
        {
            pixel = (byte)((pixel * 255 + peak / 2) / peak);
        }
    }

    private static int ScaledSide(int side, int longer) => Math.Max((side * InkSize + longer / 2) / longer, 1);

    private static byte[] CenteredByMass(GreyImage ink)
    {
        (double x, double y) = ink.CenterOfMass();
        int left = Offset(x, ink.Width);
        int top = Offset(y, ink.Height);

        byte[] framed = new byte[Size * Size];
        for (int row = 0; row < ink.Height; row++)
        {
            ink.Row(row).CopyTo(framed.AsSpan((top + row) * Size + left));
        }

        return framed;
    }

    /// <summary>Where a side starts so that its centre of mass is nearest to the middle without cutting ink off.</summary>
    private static int Offset(double centerOfMass, int side) =>
        Math.Clamp((int)Math.Floor(Size / 2.0 - centerOfMass + 0.5), 0, Size - side);
}
