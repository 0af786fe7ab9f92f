using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Inkling.Data;

/// <summary>Feeds integers to a hash in one byte order, so that every platform hashes the same bytes.</summary>
internal static class IntegerHashing
{
    /// <summary>Appends each value as a little-endian 32-bit integer.</summary>
    public static void AppendInt32(this IncrementalHash hash, params ReadOnlySpan<int> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (int value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            hash.AppendData(bytes);
        }
    }
}
