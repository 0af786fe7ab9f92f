using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Inkling.Data.Idx;

/// <summary>Reads IDX files of unsigned bytes, raw or gzip-compressed, and believes nothing that they say.</summary>
/// <remarks>
/// Layout: two zero bytes, element type, number of dimensions, one big-endian 32-bit size per dimension, elements.
/// Source: Y. LeCun, "The MNIST database", section "File formats". The rules kept here: docs/data.md.
/// The elements are read once, straight into the array that is returned; nothing is allocated on a header's word alone.
/// </remarks>
internal static class IdxReader
{
    private const int MagicBytes = 4;
    private const int SizeBytes = 4;
    private const byte UnsignedByte = 0x08;

    // The most that deflate can expand (zlib's technical notes): 258 bytes from two bits.
    private const long MaxDeflateRatio = 1032;

    /// <summary>Reads a file that must have exactly <paramref name="rank"/> dimensions.</summary>
    /// <exception cref="DataFormatException">The file breaks a rule of docs/data.md.</exception>
    public static IdxArray Read(IdxFile file, int rank)
    {
        using Stream stored = file.Open();
        bool isGzip = IsGzip(stored);
        using Stream raw = isGzip ? new GZipStream(stored, CompressionMode.Decompress) : stored;

        try
        {
            byte[] header = new byte[MagicBytes + SizeBytes * rank];
            ReadExactly(raw, header.AsSpan(0, MagicBytes), 0, file);
            CheckMagic(header, rank, file);
            ReadExactly(raw, header.AsSpan(MagicBytes), MagicBytes, file);
            int[] shape = ParseShape(header, file, out int count);
            CheckStoredLength(stored, isGzip, header.Length + (long)count, file);

            byte[] values = GC.AllocateUninitializedArray<byte>(count);
            ReadExactly(raw, values, header.Length, file);
            CheckEnd(raw, header.Length + (long)count, file);
            return new IdxArray(shape, values, Hash(header, values));
        }
        catch (InvalidDataException damage)
        {
            throw new DataFormatException(
                file.Path, null, "a sound gzip stream", "a damaged one", "Fetch the file again.", damage);
        }
    }

    private static bool IsGzip(Stream stored)
    {
        Span<byte> start = stackalloc byte[2];
        int read = stored.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stored.Position = 0;
        return read == 2 && start is [0x1F, 0x8B];
    }

    private static void CheckMagic(ReadOnlySpan<byte> magic, int rank, IdxFile file)
    {
        if (magic[0] != 0 || magic[1] != 0)
        {
            throw Fault(
                file, 0, "the two zero bytes that open an IDX file", $"{magic[0]:X2} {magic[1]:X2}", "This is another format.");
        }

        if (magic[2] != UnsignedByte)
        {
            throw Fault(
                file, 2, "element type 08 (unsigned byte)", $"{magic[2]:X2}", "Images and labels of other types are not read.");
        }

        if (magic[3] != rank)
        {
            throw Fault(
                file, 3, $"{rank} dimensions", $"{magic[3]}", "Images have 3 and labels have 1: are the two files swapped?");
        }
    }

    private static int[] ParseShape(ReadOnlySpan<byte> header, IdxFile file, out int count)
    {
        int[] shape = new int[(header.Length - MagicBytes) / SizeBytes];
        long product = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            int offset = MagicBytes + i * SizeBytes;
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header[offset..]);
            if (size == 0)
            {
                throw Fault(file, offset, "a size of at least 1", "0", "The file holds nothing to train on.");
            }

            // Both factors are below 2³², and the product is capped before it meets the next size.
            if (size > Array.MaxLength / product)
            {
                throw Fault(
                    file, offset, $"at most {Array.MaxLength} elements in all", $"{product} × {size}", "Split the dataset.");
            }

            product *= size;
            shape[i] = (int)size;
        }

        count = (int)product;
        return shape;
    }

    /// <summary>Compares what the header declares with what is stored, before anything of that size is allocated.</summary>
    private static void CheckStoredLength(Stream stored, bool isGzip, long declared, IdxFile file)
    {
        if (!isGzip)
        {
            if (stored.Length != declared)
            {
                throw Fault(
                    file, Math.Min(stored.Length, declared), $"{declared} bytes, as the header declares", $"{stored.Length}",
                    "The file is cut short or has bytes after its end: fetch it again.");
            }

            return;
        }

        // The platform's decompressor overlooks a missing trailer and bytes after it, so the trailer is read here.
        long rawLength = GzipTrailerLength(stored);
        if (rawLength != declared)
        {
            throw Fault(
                file, null, $"a gzip stream of {declared} bytes, as the IDX header declares",
                $"one that ends with length {rawLength}",
                "It is cut short, has bytes after its end or has several members: fetch it again, or repack it with gzip.");
        }

        long most = stored.Length * MaxDeflateRatio;
        if (declared > most)
        {
            throw Fault(file, null, $"at most {most} bytes from so short a gzip stream", $"{declared} declared",
                "Fetch the file again.");
        }
    }

    private static uint GzipTrailerLength(Stream stored)
    {
        // RFC 1952: the last four bytes are the raw length modulo 2³², and a length here is below 2³².
        long position = stored.Position;
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        stored.Position = stored.Length - trailer.Length;
        stored.ReadExactly(trailer);
        stored.Position = position;
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }

    private static void CheckEnd(Stream raw, long declared, IdxFile file)
    {
        if (raw.ReadByte() >= 0)
        {
            throw Fault(file, declared, "the end of the file", "more bytes", "Bytes follow the last element: fetch it again.");
        }
    }

    private static void ReadExactly(Stream raw, Span<byte> buffer, int offset, IdxFile file)
    {
        int read = raw.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (read < buffer.Length)
        {
            throw Fault(
                file, offset + (long)read, $"{buffer.Length - read} more bytes", "the end of the file",
                "The file is cut short: fetch it again.");
        }
    }

    private static string Hash(ReadOnlySpan<byte> header, ReadOnlySpan<byte> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(values);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static DataFormatException Fault(
        IdxFile file, long? offset, string expected, string actual, string advice) =>
        new(file.Path, offset, expected, actual, advice);
}
