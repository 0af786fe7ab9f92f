using System.Buffers.Binary;

namespace Inkling.Rendering;

/// <summary>PNG files of our own making: the same bytes from every version of every library, on every processor.</summary>
/// <remarks>Source: PNG specification, third edition. Rows are not filtered; see <see cref="RunDeflate"/> for what is compressed.</remarks>
internal static class PngFile
{
    private const byte Grey = 0;
    private const byte Rgb = 2;
    private const byte Palette = 3;

    /// <summary>An image of bytes.</summary>
    /// <param name="planes">[channels, height, width].</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    internal static byte[] Write(ReadOnlySpan<byte> planes, int channels, int height, int width) =>
        Write(Header(channels == 1 ? Grey : Rgb, height, width), [], Rows(planes, channels, height, width), channels);

    /// <summary>An image of one colour that is more or less opaque, over whatever lies under it.</summary>
    /// <param name="opacity">[height, width].</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="colour">Red, green and blue.</param>
    /// <param name="levels">Opacities of the palette, the least first.</param>
    internal static byte[] WriteVeil(
        ReadOnlySpan<byte> opacity, int height, int width, (byte Red, byte Green, byte Blue) colour, ReadOnlySpan<byte> levels)
    {
        byte[] indices = new byte[opacity.Length];
        for (int i = 0; i < opacity.Length; i++)
        {
            indices[i] = (byte)(opacity[i] * levels.Length / 256);
        }

        byte[] palette = new byte[3 * levels.Length];
        for (int i = 0; i < palette.Length; i += 3)
        {
            (palette[i], palette[i + 1], palette[i + 2]) = colour;
        }

        byte[] chunks = [.. Chunk("PLTE"u8, palette), .. Chunk("tRNS"u8, levels)];
        return Write(Header(Palette, height, width), chunks, Rows(indices, 1, height, width), 1);
    }

    private static byte[] Write(byte[] header, byte[] chunks, byte[] rows, int pixelLength) =>
    [
        0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n',
        .. Chunk("IHDR"u8, header), .. chunks, .. Chunk("IDAT"u8, RunDeflate.Compress(rows, pixelLength)), .. Chunk("IEND"u8, []),
    ];

    private static byte[] Header(byte colourType, int height, int width)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colourType);
        return header;
    }

    /// <summary>Each row after the number of its filter, none; channels interleaved.</summary>
    private static byte[] Rows(ReadOnlySpan<byte> planes, int channels, int height, int width)
    {
        byte[] rows = new byte[height * (width * channels + 1)];
        int at = 0;
        for (int y = 0; y < height; y++)
        {
            at++;
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < channels; c++)
                {
                    rows[at++] = planes[(c * height + y) * width + x];
                }
            }
        }

        return rows;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 * (crc & 1));
            }
        }

        return ~crc;
    }
}
