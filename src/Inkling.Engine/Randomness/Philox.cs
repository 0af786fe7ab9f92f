using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Inkling.Engine;

/// <summary>
/// Philox4x32-10, a counter-based generator: four random words as a pure function of a 128-bit counter and a 64-bit key.
/// </summary>
/// <remarks>
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
/// Checked against the known-answer vectors of the authors' Random123 library.
/// </remarks>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The four words at one counter.</summary>
    public static PhiloxBlock Generate(PhiloxBlock counter, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            counter = Round(counter, key0, key1);
            key0 = unchecked(key0 + Weyl0);
            key1 = unchecked(key1 + Weyl1);
        }

        return counter;
    }

    /// <summary>The words at consecutive counters, X0 upwards from the given one: four words a counter.</summary>
    /// <param name="counter">The first counter; its X0 must not overflow on the way.</param>
    /// <param name="key0">Key, low word.</param>
    /// <param name="key1">Key, high word.</param>
    /// <param name="words">Overwritten; a multiple of four.</param>
    public static void Generate(PhiloxBlock counter, uint key0, uint key1, Span<uint> words)
    {
        int start = 0;
        if (Avx2.IsSupported)
        {
            for (; start + 16 <= words.Length; start += 16, counter = counter with { X0 = counter.X0 + 4 })
            {
                GenerateFour(counter, key0, key1, words.Slice(start, 16));
            }
        }

        for (; start < words.Length; start += 4, counter = counter with { X0 = counter.X0 + 1 })
        {
            PhiloxBlock block = Generate(counter, key0, key1);
            (words[start], words[start + 1], words[start + 2], words[start + 3]) = (block.X0, block.X1, block.X2, block.X3);
        }
    }

    /// <summary>Four counters side by side, each word in the low half of a 64-bit lane.</summary>
    private static void GenerateFour(PhiloxBlock counter, uint key0, uint key1, Span<uint> words)
    {
        Vector256<ulong> low = Vector256.Create((ulong)uint.MaxValue);
        Vector256<ulong> x0 = Vector256.Create((ulong)counter.X0) + Vector256.Create(0ul, 1, 2, 3);
        Vector256<ulong> x1 = Vector256.Create((ulong)counter.X1);
        Vector256<ulong> x2 = Vector256.Create((ulong)counter.X2);
        Vector256<ulong> x3 = Vector256.Create((ulong)counter.X3);
        Vector256<uint> multiplier0 = Vector256.Create(Multiplier0);
        Vector256<uint> multiplier1 = Vector256.Create(Multiplier1);
        for (int round = 0; round < Rounds; round++)
        {
            Vector256<ulong> product0 = Avx2.Multiply(x0.AsUInt32(), multiplier0);
            Vector256<ulong> product1 = Avx2.Multiply(x2.AsUInt32(), multiplier1);
            x0 = (product1 >> 32) ^ x1 ^ Vector256.Create((ulong)key0);
            x1 = product1 & low;
            x2 = (product0 >> 32) ^ x3 ^ Vector256.Create((ulong)key1);
            x3 = product0 & low;
            key0 = unchecked(key0 + Weyl0);
            key1 = unchecked(key1 + Weyl1);
        }

        // Words of counters 0 to 3: a = x0x1 of each, b = x2x3; a0 b0 a2 b2 and a1 b1 a3 b3; then in order.
        Vector256<ulong> a = x0 | (x1 << 32);
        Vector256<ulong> b = x2 | (x3 << 32);
        Vector256<ulong> even = Avx2.UnpackLow(a, b);
        Vector256<ulong> odd = Avx2.UnpackHigh(a, b);
        Avx2.Permute2x128(even, odd, 0x20).AsUInt32().CopyTo(words);
        Avx2.Permute2x128(even, odd, 0x31).AsUInt32().CopyTo(words[8..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PhiloxBlock Round(PhiloxBlock c, uint key0, uint key1)
    {
        ulong product0 = (ulong)Multiplier0 * c.X0;
        ulong product1 = (ulong)Multiplier1 * c.X2;
        return new PhiloxBlock(
            (uint)(product1 >> 32) ^ c.X1 ^ key0,
            (uint)product1,
            (uint)(product0 >> 32) ^ c.X3 ^ key1,
            (uint)product0);
    }
}

/// <summary>Four 32-bit words: a counter going in, random words coming out.</summary>
public readonly record struct PhiloxBlock(uint X0, uint X1, uint X2, uint X3);
