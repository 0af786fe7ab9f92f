using SkiaSharp;

namespace Inkling.Tests.Support;

/// <summary>Pixels as PNG files.</summary>
internal static class Picture
{
    /// <summary>A file of one channel.</summary>
    internal static void WriteGrey(string path, int width, int height, byte[] pixels) =>
        Write(path, new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque), pixels);

    /// <summary>The same picture in red, green, blue and an opaque alpha channel.</summary>
    internal static void WriteGreyAsColour(string path, int width, int height, byte[] pixels, SKAlphaType alpha) =>
        Write(path, new SKImageInfo(width, height, SKColorType.Rgba8888, alpha), [.. pixels.SelectMany(
            pixel => (byte[])[pixel, pixel, pixel, 255])]);

    private static void Write(string path, SKImageInfo info, byte[] pixels)
    {
        using var bitmap = new SKBitmap(info);
        Assert.Equal(pixels.Length, bitmap.ByteCount);
        pixels.CopyTo(bitmap.GetPixelSpan());
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, png.ToArray());
    }
}
