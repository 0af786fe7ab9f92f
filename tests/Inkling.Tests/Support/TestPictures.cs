using SkiaSharp;

namespace Inkling.Tests.Support;

/// <summary>Pictures for tests, encoded by Skia.</summary>
internal static class TestPictures
{
    /// <summary>A grey picture as a file.</summary>
    internal static byte[] Grey(
        int width, int height, ReadOnlySpan<byte> pixels, SKEncodedImageFormat format = SKEncodedImageFormat.Png, int quality = 100)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        pixels.CopyTo(bitmap.GetPixelSpan());
        return Encode(bitmap, format, quality);
    }

    /// <summary>A colour picture as a file.</summary>
    internal static byte[] Colour(
        int width, int height, Func<int, int, SKColor> at, SKEncodedImageFormat format = SKEncodedImageFormat.Png, int quality = 100)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, at(x, y));
            }
        }

        return Encode(bitmap, format, quality);
    }

    /// <summary>Writes a file, making its folders.</summary>
    internal static void Put(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format, int quality)
    {
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
