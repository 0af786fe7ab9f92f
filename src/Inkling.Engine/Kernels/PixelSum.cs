using System.Runtime.CompilerServices;
using Inkling.Engine.Memory;

namespace Inkling.Engine.Kernels;

/// <summary>Sums over all pixels of a chunk, sixteen channels at a time.</summary>
/// <remarks>
/// Order: four chains, pixel column w in chain w mod 4, over image then row; they fold as (0+1)+(2+3).
/// </remarks>
internal static unsafe class PixelSum
{
    /// <summary>Number of chains.</summary>
    internal const int Chains = 4;

    /// <summary>Adds one pixel's term to a chain.</summary>
    internal interface ITerm<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        static abstract TLanes Add(TLanes sum, float* a, float* b, TLanes center);
    }

    /// <summary>Σ over the pixels of a block's channels; <paramref name="b"/> and <paramref name="center"/> as the term needs them.</summary>
    internal static TLanes Of<TLanes, TTerm>(Tensor a, Tensor b, int block, int images, TLanes center)
        where TLanes : struct, ILanes<TLanes>
        where TTerm : struct, ITerm<TLanes>
    {
        const int Lanes = Tensor.BlockLanes;
        TLanes s0 = TLanes.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        foreach (PixelRow row in new PixelRows(a, b, b, images, block, block + 1, Chains))
        {
            float* p = row.A;
            float* q = row.B;
            nint rest = row.Length % (Chains * Lanes);
            for (float* end = p + row.Length - rest; p < end; p += Chains * Lanes, q += Chains * Lanes)
            {
                s0 = TTerm.Add(s0, p, q, center);
                s1 = TTerm.Add(s1, p + Lanes, q + Lanes, center);
                s2 = TTerm.Add(s2, p + 2 * Lanes, q + 2 * Lanes, center);
                s3 = TTerm.Add(s3, p + 3 * Lanes, q + 3 * Lanes, center);
            }

            s0 = rest > 0 ? TTerm.Add(s0, p, q, center) : s0;
            s1 = rest > Lanes ? TTerm.Add(s1, p + Lanes, q + Lanes, center) : s1;
            s2 = rest > 2 * Lanes ? TTerm.Add(s2, p + 2 * Lanes, q + 2 * Lanes, center) : s2;
        }

        return (s0 + s1) + (s2 + s3);
    }

    /// <summary>a.</summary>
    internal readonly struct Value<TLanes> : ITerm<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add(TLanes sum, float* a, float* b, TLanes center) => sum + TLanes.Load(a);
    }

    /// <summary>(a − center)².</summary>
    internal readonly struct SquaredDifference<TLanes> : ITerm<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add(TLanes sum, float* a, float* b, TLanes center)
        {
            TLanes difference = TLanes.Load(a) - center;
            return TLanes.FusedMultiplyAdd(difference, difference, sum);
        }
    }

    /// <summary>a·(b − center).</summary>
    internal readonly struct ProductWithDifference<TLanes> : ITerm<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add(TLanes sum, float* a, float* b, TLanes center) =>
            TLanes.FusedMultiplyAdd(TLanes.Load(a), TLanes.Load(b) - center, sum);
    }
}
