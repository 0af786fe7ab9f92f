using System.Globalization;
using Inkling.Rendering;
using SkiaSharp;

namespace Inkling.Training;

/// <summary>
/// A batch as a PNG: pairs of images, left as in the dataset, right as the network sees it, each with its label. Pixels are
/// enlarged, never smoothed: what is seen is what is there.
/// </summary>
public static class PreviewPicture
{
    private const int Cell = 112;
    private const int Gap = 8;
    private const int LineHeight = PixelFont.Height + 2;
    private const int Header = 2 * LineHeight + 2 * Gap;
    private const int PairWidth = 2 * Cell + 2;
    private const int PairsPerRow = 6;

    private static readonly SKColor Paper = new(0xF6, 0xF6, 0xF2);
    private static readonly SKColor Ink = new(0x22, 0x22, 0x22);

    /// <summary>Draws a batch.</summary>
    /// <param name="title">The first line.</param>
    /// <param name="images">At least one.</param>
    /// <param name="classNames">Names of the classes.</param>
    /// <returns>The bytes of a PNG file.</returns>
    public static byte[] Draw(string title, IReadOnlyList<PreviewImage> images, IReadOnlyList<string> classNames)
    {
        int rows = (images.Count + PairsPerRow - 1) / PairsPerRow;
        int rowHeight = Cell + 2 * LineHeight + 2 * Gap;
        using var bitmap = new SKBitmap(
            Gap + PairsPerRow * (PairWidth + 2 * Gap), Header + rows * rowHeight, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Paper);
        PixelFont.Draw(canvas, title, Gap, Gap, Ink);
        PixelFont.Draw(canvas, "left: the dataset's image; right: what the network sees", Gap, Gap + LineHeight, Ink);
        for (int i = 0; i < images.Count; i++)
        {
            int x = Gap + i % PairsPerRow * (PairWidth + 2 * Gap);
            int y = Header + i / PairsPerRow * rowHeight;
            DrawPlanes(canvas, images[i].Original, x, y);
            DrawPlanes(canvas, images[i].Input, x + Cell + 2, y);
            PixelFont.Draw(canvas, Label(images[i], classNames), x, y + Cell + Gap / 2, Ink);
            PixelFont.Draw(
                canvas, string.Create(CultureInfo.InvariantCulture, $"#{images[i].Sample}"), x, y + Cell + Gap / 2 + LineHeight, Ink);
        }

        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    private static string Label(PreviewImage image, IReadOnlyList<string> classNames)
    {
        var shares = image.Target
            .Select((share, k) => (Share: share, Name: classNames[k]))
            .Where(part => part.Share > 0)
            .OrderByDescending(part => part.Share)
            .ToArray();
        return shares.Length == 1
            ? shares[0].Name
            : string.Join(" + ", shares.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Name} {100 * part.Share:F0}%")));
    }

    private static void DrawPlanes(SKCanvas canvas, PixelPlanes planes, int x, int y)
    {
        ReadOnlySpan<byte> values = planes.Values.Span;
        int length = planes.Height * planes.Width;
        using var bitmap = new SKBitmap(planes.Width, planes.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int i = 0; i < length; i++)
        {
            var color = new SKColor(
                values[i], values[length * Math.Min(1, planes.Channels - 1) + i], values[length * (planes.Channels - 1) + i]);
            bitmap.SetPixel(i % planes.Width, i / planes.Width, color);
        }

        float scale = Math.Min((float)Cell / planes.Width, (float)Cell / planes.Height);
        using SKImage image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(
            image, SKRect.Create(x, y, planes.Width * scale, planes.Height * scale), new SKSamplingOptions(SKFilterMode.Nearest));
    }
}
