using System.Security.Cryptography;

namespace Inkling.Duplicates;

/// <summary>Images that are equal pixel by pixel.</summary>
internal static class ExactDuplicates
{
    /// <summary>For every image the first one that equals it, which may be itself.</summary>
    /// <remarks>By SHA-256: 16 of its bytes are kept for each image, and a chance match of those has never been seen.</remarks>
    public static int[] FirstEqual(Thumbnails images)
    {
        var keys = new UInt128[images.Count];
        Parallel.For(0, images.Count, i =>
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(images[i], hash);
            keys[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
        });

        int[] first = new int[keys.Length];
        var seen = new Dictionary<UInt128, int>(keys.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            seen.TryAdd(keys[i], i);
            first[i] = seen[keys[i]];
        }

        return first;
    }
}
