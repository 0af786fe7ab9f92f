using System.Buffers.Binary;
using System.IO.Compression;
using Inkling.Data;
using Inkling.Data.Idx;

namespace Inkling.Tests.Data.Idx;

/// <summary>Builds IDX files byte by byte, honest or lying.</summary>
internal static class IdxBytes
{
    public const byte UnsignedByte = 0x08;

    public static byte[] Write(uint[] shape, byte[] values)
    {
        byte[] header = new byte[4 + 4 * shape.Length];
        header[2] = UnsignedByte;
        header[3] = (byte)shape.Length;
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4 + 4 * i), shape[i]);
        }

        return [.. header, .. values];
    }

    /// <summary>Images whose pixel k is k modulo 256.</summary>
    public static byte[] Images(uint count, uint height, uint width) =>
        Write([count, height, width], [.. Enumerable.Range(0, (int)(count * height * width)).Select(k => (byte)k)]);

    public static byte[] Labels(params byte[] labels) => Write([(uint)labels.Length], labels);

    public static byte[] Gzip(byte[] raw)
    {
        using var stored = new MemoryStream();
        using (var gzip = new GZipStream(stored, CompressionLevel.Optimal))
        {
            gzip.Write(raw);
        }

        return stored.ToArray();
    }

    /// <summary>A folder with the first images of two sets.</summary>
    public static void WriteFolder(string folder, ImageSet train, int trainCount, ImageSet test, int testCount)
    {
        Directory.CreateDirectory(folder);
        WritePart(folder, "train", train, trainCount);
        WritePart(folder, "t10k", test, testCount);
    }

    public static IdxFile File(byte[] bytes) => new("name", "somewhere", () => new MemoryStream(bytes));

    private static void WritePart(string folder, string part, ImageSet images, int count)
    {
        System.IO.File.WriteAllBytes(
            Path.Combine(folder, $"{part}-images-idx3-ubyte"),
            Write([(uint)count, (uint)images.Height, (uint)images.Width], images.Pixels[..(count * images.ImageLength)].ToArray()));
        System.IO.File.WriteAllBytes(
            Path.Combine(folder, $"{part}-labels-idx1-ubyte"),
            Labels([.. images.Labels[..count].ToArray().Select(label => (byte)label)]));
    }
}
