using System.Buffers.Binary;

namespace Inkling.Rendering;

/// <summary>A zlib stream in which runs of equal pixels are shortened and nothing else: enough for ink on a plain ground.</summary>
/// <remarks>
/// One block of fixed Huffman codes. The platform's own compressor is faster and smaller, and gives other bytes from version to version and
/// from
/// processor to processor. Source: RFC 1950 and RFC 1951.
/// </remarks>
internal sealed class RunDeflate
{
    private const int ShortestRun = 3;
    private const int LongestRun = 258;
    private const int EndOfBlock = 256;

    /// <summary>The shortest run of each length code from 257 on; how many bits say which it is follows from the next.</summary>
    private static readonly int[] RunLengths = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258];

    private readonly List<byte> _bytes = [0x78, 0x01];
    private uint _bits;
    private int _bitCount;

    /// <summary>Compresses.</summary>
    /// <param name="data">Any bytes.</param>
    /// <param name="pixelLength">Bytes of a pixel, 1 to 4: the distance over which runs repeat.</param>
    internal static byte[] Compress(ReadOnlySpan<byte> data, int pixelLength)
    {
        var stream = new RunDeflate();
        stream.Block(data, pixelLength);
        byte[] sum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Adler32(data));
        return [.. stream._bytes, .. sum];
    }

    private void Block(ReadOnlySpan<byte> data, int pixelLength)
    {
        const uint LastBlockOfFixedCodes = 0b011;
        Bits(LastBlockOfFixedCodes, 3);
        for (int at = 0; at < data.Length;)
        {
            int run = 0;
            while (at >= pixelLength && run < LongestRun && at + run < data.Length && data[at + run] == data[at + run - pixelLength])
            {
                run++;
            }

            if (run >= ShortestRun)
            {
                Run(run, pixelLength);
                at += run;
            }
            else
            {
                Symbol(data[at++]);
            }
        }

        Symbol(EndOfBlock);

        // Fills the last byte.
        Bits(0, 7);
    }

    private void Run(int length, int distance)
    {
        int code = Array.FindLastIndex(RunLengths, shortest => shortest <= length);
        Symbol(EndOfBlock + 1 + code);

        // Codes of more than one length come in fours, each four with a bit more to tell them apart.
        int extraBits = code is < 8 or 28 ? 0 : (code - 4) / 4;
        Bits((uint)(length - RunLengths[code]), extraBits);
        Code((uint)(distance - 1), 5);
    }

    /// <summary>A literal or a length, in the fixed code.</summary>
    private void Symbol(int symbol)
    {
        switch (symbol)
        {
            case < 144: Code((uint)(0x30 + symbol), 8); break;
            case < 256: Code((uint)(0x190 + symbol - 144), 9); break;
            case < 280: Code((uint)(symbol - 256), 7); break;
            default: Code((uint)(0xC0 + symbol - 280), 8); break;
        }
    }

    /// <summary>A Huffman code: its first bit comes first.</summary>
    private void Code(uint code, int length)
    {
        for (int bit = length - 1; bit >= 0; bit--)
        {
            Bits((code >> bit) & 1, 1);
        }
    }

    /// <summary>A number: its last bit comes first.</summary>
    private void Bits(uint value, int count)
    {
        _bits |= value << _bitCount;
        _bitCount += count;
        for (; _bitCount >= 8; _bitCount -= 8)
        {
            _bytes.Add((byte)_bits);
            _bits >>= 8;
        }
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
}
