namespace Inkling.Quality;

/// <summary>What can be measured on one image without knowing what it shows; lengths are shares of the image's size.</summary>
/// <param name="Brightness">Mean, 0 to 1.</param>
/// <param name="Contrast">Standard deviation, 0 to 1.</param>
/// <param name="Range">Brightest less darkest pixel, 0 to 255.</param>
/// <param name="Sharpness">Variance of the 3×3 Laplacian over the variance of the pixels: low if edges are soft.</param>
/// <param name="Clipped">Share of pixels at 0 or 255.</param>
/// <param name="Plain">Share of pixels within 16 of the border's median.</param>
/// <param name="Ink">Mean distance from the border's median, 0 to 1.</param>
/// <param name="OffCenter">Distance of the ink's centre of mass from the image's centre, in sides.</param>
/// <param name="Border">Share of the outermost pixels that are ink: farther than 64 from their median.</param>
internal readonly record struct ImageProperties(
    float Brightness, float Contrast, float Range, float Sharpness, float Clipped, float Plain, float Ink, float OffCenter, float Border)
{
    private const int PlainDistance = 16;
    private const int InkDistance = 64;

    /// <summary>Names and values of those that a model could mistake for what is shown.</summary>
    public static IReadOnlyList<(string Name, Func<ImageProperties, float> Of)> Comparable { get; } =
    [
        ("brightness", p => p.Brightness), ("contrast", p => p.Contrast), ("sharpness", p => p.Sharpness),
        ("clipped pixels", p => p.Clipped), ("ink", p => p.Ink), ("distance from the centre", p => p.OffCenter), ("ink on the border", p => p.Border),
    ];

    /// <summary>Measures every image.</summary>
    public static ImageProperties[] Measure(QualityImages images)
    {
        var all = new ImageProperties[images.Count];
        (int channels, int height, int width) = (images.Dataset.Channels, images.Dataset.Height, images.Dataset.Width);
        Parallel.For(0, all.Length, () => new byte[height * width], (i, _, grey) =>
        {
            ToGrey(images.Image(i), channels, grey);
            all[i] = Measure(grey, height, width);
            return grey;
        }, _ => { });
        return all;
    }

    private static void ToGrey(ReadOnlySpan<byte> image, int channels, byte[] grey)
    {
        for (int p = 0; p < grey.Length; p++)
        {
            int sum = 0;
            for (int c = 0; c < channels; c++)
            {
                sum += image[c * grey.Length + p];
            }

            grey[p] = (byte)(sum / channels);
        }
    }

    private static ImageProperties Measure(byte[] grey, int height, int width)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        long sum = 0;
        long squares = 0;
        foreach (byte v in grey)
        {
            histogram[v]++;
            sum += v;
            squares += v * v;
        }

        double n = grey.Length;
        double mean = sum / n;
        double variance = squares / n - mean * mean;
        int background = BorderMedian(grey, height, width, out float border);
        int plain = 0;
        for (int v = Math.Max(0, background - PlainDistance); v <= Math.Min(255, background + PlainDistance); v++)
        {
            plain += histogram[v];
        }

        (double ink, double offCenter) = InkOf(grey, height, width, background);
        return new ImageProperties(
            (float)(mean / 255), (float)(Math.Sqrt(Math.Max(0, variance)) / 255),
            histogram.LastIndexOfAnyExcept(0) - histogram.IndexOfAnyExcept(0),
            (float)(variance > 0 ? LaplacianVariance(grey, height, width) / variance : 0),
            (float)((histogram[0] + histogram[255]) / n), (float)(plain / n), (float)ink, (float)offCenter, border);
    }

    private static int BorderMedian(byte[] grey, int height, int width, out float ink)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        int count = 0;
        for (int y = 0; y < height; y++)
        {
            int step = y == 0 || y == height - 1 ? 1 : Math.Max(1, width - 1);
            for (int x = 0; x < width; x += step, count++)
            {
                histogram[grey[y * width + x]]++;
            }
        }

        int median = 0;
        for (int below = histogram[0]; below <= (count - 1) / 2; below += histogram[median])
        {
            median++;
        }

        int far = 0;
        for (int v = 0; v < 256; v++)
        {
            far += Math.Abs(v - median) > InkDistance ? histogram[v] : 0;
        }

        ink = (float)far / count;
        return median;
    }

    private static (double Ink, double OffCenter) InkOf(byte[] grey, int height, int width, int background)
    {
        long mass = 0;
        long momentX = 0;
        long momentY = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int ink = Math.Abs(grey[y * width + x] - background);
                mass += ink;
                momentX += ink * x;
                momentY += ink * y;
            }
        }

        if (mass == 0)
        {
            return (0, 0);
        }

        double dx = ((double)momentX / mass + 0.5) / width - 0.5;
        double dy = ((double)momentY / mass + 0.5) / height - 0.5;
        return (mass / (255.0 * grey.Length), Math.Sqrt(dx * dx + dy * dy));
    }

    private static double LaplacianVariance(byte[] grey, int height, int width)
    {
        long sum = 0;
        long squares = 0;
        long count = 0;
        for (int y = 1; y < height - 1; y++)
        {
            for (int x = 1; x < width - 1; x++)
            {
                int p = y * width + x;
                int value = 4 * grey[p] - grey[p - 1] - grey[p + 1] - grey[p - width] - grey[p + width];
                sum += value;
                squares += value * value;
                count++;
            }
        }

        return count == 0 ? 0 : (double)squares / count - (double)sum / count * ((double)sum / count);
    }
}
