using System.Buffers.Binary;
using Inkling.Data;

namespace Inkling.Packaging;

/// <summary>An image as a PNG file without compression: the same bytes from every version of every library.</summary>
/// <remarks>Source: PNG specification, third edition; RFC 1950 and 1951 for the stored block.</remarks>
internal static class SamplePng
{
    private const byte Grey = 0;
    private const byte Rgb = 2;

    /// <summary>Writes one image; it has 1 or 3 channels and fits one stored block, 65,535 bytes.</summary>
    internal static byte[] Write(ImageSet images, int index)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, images.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), images.Height);
        (header[8], header[9]) = (8, images.Channels == 1 ? Grey : Rgb);
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n',
            .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, Stored(Rows(images, index))), .. Chunk("IEND"u8, []),
        ];
    }

    /// <summary>Whether an image is small enough.</summary>
    internal static bool Fits(ImageSet images) =>
        images.Channels is 1 or 3 && (long)images.Height * ((images.Width * images.Channels) + 1) <= ushort.MaxValue;

    /// <summary>Each row after the number of its filter, none; channels interleaved.</summary>
    private static byte[] Rows(ImageSet images, int index)
    {
        ReadOnlySpan<byte> planes = images.Image(index);
        byte[] rows = new byte[images.Height * ((images.Width * images.Channels) + 1)];
        int at = 0;
        for (int y = 0; y < images.Height; y++)
        {
            at++;
            for (int x = 0; x < images.Width; x++)
            {
                for (int c = 0; c < images.Channels; c++)
                {
                    rows[at++] = planes[(((c * images.Height) + y) * images.Width) + x];
                }
            }
        }

        return rows;
    }

    private static byte[] Stored(byte[] data)
    {
        byte[] stream = new byte[2 + 5 + data.Length + 4];
        (stream[0], stream[1], stream[2]) = (0x78, 0x01, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(stream.AsSpan(3), (ushort)data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(stream.AsSpan(5), (ushort)~data.Length);
        data.CopyTo(stream, 7);
        BinaryPrimitives.WriteUInt32BigEndian(stream.AsSpan(7 + data.Length), Adler32(data));
        return stream;
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

    private static uint Adler32(ReadOnlySpan<byte> data)
    {
        (uint a, uint b) = (1, 0);
        foreach (byte value in data)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        return (b << 16) | a;
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
