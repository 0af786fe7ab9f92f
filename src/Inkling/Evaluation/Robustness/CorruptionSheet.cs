using Inkling.Data;
using Inkling.Engine;
using Inkling.Rendering;
using SkiaSharp;

namespace Inkling.Evaluation.Robustness;

/// <summary>The corruptions as a PNG: a row each, the images as they are in the first.</summary>
public static class CorruptionSheet
{
    private const int Cell = 84;
    private const int Gap = 6;
    private const int Caption = 168;

    private static readonly SKColor Paper = new(0xF6, 0xF6, 0xF2);
    private static readonly SKColor Ink = new(0x22, 0x22, 0x22);

    /// <summary>Draws some images under every corruption. Pixels are enlarged, never smoothed.</summary>
    /// <param name="images">The set.</param>
    /// <param name="indices">Which of it.</param>
    /// <param name="team">Threads.</param>
    /// <returns>The bytes of a PNG file.</returns>
    public static byte[] Draw(ImageSet images, ReadOnlyMemory<int> indices, WorkerTeam team)
    {
        ArgumentNullException.ThrowIfNull(images);
        int rows = MnistCLike.All.Length + 1;
        using var bitmap = new SKBitmap(
            Caption + indices.Length * (Cell + Gap) + Gap, Gap + rows * (Cell + Gap), SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Paper);
        DrawRow(canvas, 0, "original", images.Subset(indices.Span));
        for (int row = 1; row < rows; row++)
        {
            DrawRow(canvas, row, MnistCLike.All[row - 1].Id, MnistCLike.Corrupt(MnistCLike.All[row - 1], images, indices, team));
        }

        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    private static void DrawRow(SKCanvas canvas, int row, string caption, ImageSet images)
    {
        int top = Gap + row * (Cell + Gap);
        PixelFont.Draw(canvas, caption, Gap, top + (Cell - PixelFont.Height) / 2, Ink);
        for (int i = 0; i < images.Count; i++)
        {
            using SKBitmap picture = Picture(images, i);
            canvas.DrawBitmap(
                picture, SKRect.Create(Caption + i * (Cell + Gap), top, Cell, Cell), new SKSamplingOptions(SKFilterMode.Nearest));
        }
    }

    private static SKBitmap Picture(ImageSet images, int index)
    {
        ReadOnlySpan<byte> pixels = images.Image(index);
        int plane = images.Height * images.Width;
        int second = images.Channels == 1 ? 0 : plane;
        var picture = new SKBitmap(images.Width, images.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int i = 0; i < plane; i++)
        {
            picture.SetPixel(i % images.Width, i / images.Width, new SKColor(pixels[i], pixels[second + i], pixels[2 * second + i]));
        }

        return picture;
    }
}
