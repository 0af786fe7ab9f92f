using SkiaSharp;

namespace Inkling.Reporting;

/// <summary>Images inside a page: <c>data:</c> addresses of PNG files.</summary>
internal static class ImageData
{
    /// <summary>An image as a <c>data:</c> address.</summary>
    /// <param name="planes">[channels, height, width].</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static string Png(ReadOnlySpan<byte> planes, int channels, int height, int width)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(
            width, height, channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        int plane = height * width;
        for (int p = 0; p < plane; p++)
        {
            if (channels == 1)
            {
                pixels[p] = planes[p];
                continue;
            }

            for (int c = 0; c < 3; c++)
            {
                pixels[(4 * p) + c] = planes[(c * plane) + p];
            }

            pixels[(4 * p) + 3] = 255;
        }

        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return "data:image/png;base64," + Convert.ToBase64String(png.AsSpan());
    }
}
