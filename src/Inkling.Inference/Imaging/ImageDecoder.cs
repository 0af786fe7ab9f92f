using SkiaSharp;

namespace Inkling.Imaging;

/// <summary>Turns PNG, JPEG, BMP and WebP files into upright, opaque pixels, and refuses everything else.</summary>
/// <remarks>
/// Values are those stored in the file: colour profiles are ignored, as the usual training pipelines do. EXIF
/// orientation is applied. Of an animation the first frame is taken. Transparency is laid on white: a drawing exported
/// with a transparent background is nearly always dark ink on imagined paper, and on black it would vanish.
/// PNG, BMP and lossless WebP have one right answer; the bytes of lossy formats belong to the decoder's version.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Largest file that is read: twice the size of a phone's largest photographs.</summary>
    public const int MaxFileBytes = 32 << 20;

    /// <summary>Largest width × height that is decoded (200 MB while decoding): a phone's 50-megapixel photograph.</summary>
    public const int MaxPixels = 51_200_000;

    /// <summary>Decodes one file.</summary>
    /// <exception cref="ImageFormatException">The file is empty, too large, truncated, damaged or of another format.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static DecodedImage Decode(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        ThrowIfSizeIsWrong(file.Length, path);

        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Decode(bytes, path);
    }

    /// <summary>Decodes one file that is already in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="ImageFormatException">The file is empty, too large, truncated, damaged or of another format.</exception>
    public static DecodedImage Decode(ReadOnlySpan<byte> bytes, string name)
    {
        using SKCodec codec = Open(bytes, name);
        int width = codec.Info.Width;
        int height = codec.Info.Height;
        bool grey = codec.Info.ColorType == SKColorType.Gray8;
        byte[] pixels = DecodePixels(codec, grey, name);
        return Upright(pixels, width, height, grey ? 1 : 3, codec.EncodedOrigin);
    }

    /// <summary>What <see cref="Decode(ReadOnlySpan{byte}, string)"/> would give, from the file's header alone.</summary>
    /// <exception cref="ImageFormatException">The file is empty, too large, or has no readable header.</exception>
    public static (int Channels, int Height, int Width) Identify(ReadOnlySpan<byte> bytes, string name)
    {
        using SKCodec codec = Open(bytes, name);
        int channels = codec.Info.ColorType == SKColorType.Gray8 ? 1 : 3;
        return SwapsSides(codec.EncodedOrigin)
            ? (channels, codec.Info.Width, codec.Info.Height)
            : (channels, codec.Info.Height, codec.Info.Width);
    }

    /// <summary>Reads the header, and believes it only within bounds.</summary>
    private static SKCodec Open(ReadOnlySpan<byte> bytes, string name)
    {
        ThrowIfSizeIsWrong(bytes.Length, name);
        using SKData data = SKData.CreateCopy(bytes);
        SKCodec codec = SKCodec.Create(data) ?? throw new ImageFormatException(
            name, "a PNG, JPEG, BMP or WebP image", $"{bytes.Length} bytes without a readable header of one", Reexport);
        try
        {
            ThrowIfHeaderIsWrong(codec, name);
            return codec;
        }
        catch
        {
            codec.Dispose();
            throw;
        }
    }

    private static void ThrowIfHeaderIsWrong(SKCodec codec, string name)
    {
        if (codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg
            or SKEncodedImageFormat.Bmp or SKEncodedImageFormat.Webp))
        {
            throw new ImageFormatException(
                name, "a PNG, JPEG, BMP or WebP image", $"a {codec.EncodedFormat} image", Reexport);
        }

        // The header is checked before a single pixel is allocated: a few bytes can announce gigabytes.
        int width = codec.Info.Width;
        int height = codec.Info.Height;
        if (width < 1 || height < 1 || (long)width * height > MaxPixels)
        {
            throw new ImageFormatException(
                name, $"1 to {MaxPixels} pixels", $"{width} × {height} pixels", "Scale the image down.");
        }
    }

    private static bool SwapsSides(SKEncodedOrigin origin) => origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop
        or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    private const string Reexport = "Open the image in a viewer and save it again as PNG.";

    private static void ThrowIfSizeIsWrong(long lengthBytes, string name)
    {
        if (lengthBytes == 0)
        {
            throw new ImageFormatException(name, "an image", "an empty file", "Check that it was copied whole.");
        }

        if (lengthBytes > MaxFileBytes)
        {
            throw new ImageFormatException(
                name, $"at most {MaxFileBytes} bytes", $"{lengthBytes} bytes", "Scale the image down.");
        }
    }

    /// <summary>The stored rows as grey [H, W, 1] or as red, green, blue on white [H, W, 3].</summary>
    private static unsafe byte[] DecodePixels(SKCodec codec, bool grey, string name)
    {
        SKImageInfo info = grey
            ? new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Gray8, SKAlphaType.Opaque)
            : new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        byte[] stored = new byte[info.BytesSize];
        SKCodecResult result;
        fixed (byte* start = stored)
        {
            result = codec.GetPixels(info, (nint)start);
        }

        if (result != SKCodecResult.Success)
        {
            throw new ImageFormatException(
                name,
                $"{info.Width} × {info.Height} pixels of {codec.EncodedFormat} data",
                result == SKCodecResult.IncompleteInput ? "a truncated file" : $"damaged data ({result})",
                "Fetch the file again, or save it again as PNG.");
        }

        return grey ? stored : CompositeOnWhite(stored);
    }

    private static byte[] CompositeOnWhite(ReadOnlySpan<byte> rgba)
    {
        byte[] rgb = new byte[rgba.Length / 4 * 3];
        for (int from = 0, to = 0; from < rgba.Length; from += 4, to += 3)
        {
            int alpha = rgba[from + 3];
            rgb[to] = OnWhite(rgba[from], alpha);
            rgb[to + 1] = OnWhite(rgba[from + 1], alpha);
            rgb[to + 2] = OnWhite(rgba[from + 2], alpha);
        }

        return rgb;
    }

    /// <summary>(value·α + 255·(255 − α)) / 255, rounded.</summary>
    private static byte OnWhite(int value, int alpha) => (byte)((value * alpha + 255 * (255 - alpha) + 127) / 255);

    /// <summary>Undoes the camera's orientation: row and column of every target pixel are mapped to the stored ones.</summary>
    private static DecodedImage Upright(byte[] stored, int storedWidth, int storedHeight, int channels, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft)
        {
            return new DecodedImage(storedWidth, storedHeight, channels, stored);
        }

        bool swapped = SwapsSides(origin);
        bool fromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight
            or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        bool fromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft
            or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;

        int width = swapped ? storedHeight : storedWidth;
        int height = swapped ? storedWidth : storedHeight;
        byte[] upright = new byte[stored.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int storedX = swapped ? y : x;
                int storedY = swapped ? x : y;
                storedX = fromRight ? storedWidth - 1 - storedX : storedX;
                storedY = fromBottom ? storedHeight - 1 - storedY : storedY;

                ReadOnlySpan<byte> pixel = stored.AsSpan((storedY * storedWidth + storedX) * channels, channels);
                pixel.CopyTo(upright.AsSpan((y * width + x) * channels, channels));
            }
        }

        return new DecodedImage(width, height, channels, upright);
    }
}
