namespace Inkling.Tests.Support;

/// <summary>For pictures that lie: without the right check sum a changed header would be refused for that alone.</summary>
internal static class PngChunk
{
    /// <summary>CRC-32 of ISO 3309, bit by bit, as PNG's specification has it.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
