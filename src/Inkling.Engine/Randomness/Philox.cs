using System.Runtime.CompilerServices;

namespace Inkling.Engine.Randomness;

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
