using System.Runtime.CompilerServices;

namespace Inkling.Engine;

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

    /// <summary>Σ over the pixels of a block's channels; <paramref name="b"/> and <paramref name="center"/> as the term wants.</summary>
    internal static TLanes Of<TLanes, TTerm>(Tensor a, Tensor b, int block, int images, TLanes center)
        where TLanes : struct, ILanes<TLanes>
        where TTerm : struct, ITerm<TLanes>
    {
        float* memory = stackalloc float[(Chains + 1) * Tensor.BlockLanes];
        float* chains = memory + Tensor.BlockLanes;
        center.Store(memory);
        new Span<float>(chains, Chains * Tensor.BlockLanes).Clear();
        foreach (PixelMap map in new PixelMaps(a, b, b, block, images, Chains))
        {
            AddMap<TLanes, TTerm>(map, memory, chains);
        }

        return Fold<TLanes>(chains);
    }

    /// <summary>(0+1)+(2+3).</summary>
    /// <param name="chains">[4, 16].</param>
    internal static TLanes Fold<TLanes>(float* chains)
        where TLanes : struct, ILanes<TLanes>
    {
        const int Lanes = Tensor.BlockLanes;
        return TLanes.Load(chains) + TLanes.Load(chains + Lanes) + (TLanes.Load(chains + 2 * Lanes) + TLanes.Load(chains + 3 * Lanes));
    }

    // A method of its own: around the walk over maps the compiler would keep the chains in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMap<TLanes, TTerm>(PixelMap map, float* center, float* chains)
        where TLanes : struct, ILanes<TLanes>
        where TTerm : struct, ITerm<TLanes>
    {
        const int Lanes = Tensor.BlockLanes;
        TLanes s0 = TLanes.Load(chains), s1 = TLanes.Load(chains + Lanes);
        TLanes s2 = TLanes.Load(chains + 2 * Lanes), s3 = TLanes.Load(chains + 3 * Lanes);
        TLanes c = TLanes.Load(center);
        float* rowA = map.A;
        float* rowB = map.B;
        nint rest = map.Length % (Chains * Lanes);
        nint groups = map.Length - rest;
        for (int rows = map.Rows; rows > 0; rows--, rowA += map.RowA, rowB += map.RowB)
        {
            float* a = rowA;
            float* b = rowB;
            for (float* end = a + groups; a < end; a += Chains * Lanes, b += Chains * Lanes)
            {
                s0 = TTerm.Add(s0, a, b, c);
                s1 = TTerm.Add(s1, a + Lanes, b + Lanes, c);
                s2 = TTerm.Add(s2, a + 2 * Lanes, b + 2 * Lanes, c);
                s3 = TTerm.Add(s3, a + 3 * Lanes, b + 3 * Lanes, c);
            }

            if (rest > 0)
            {
                s0 = TTerm.Add(s0, a, b, c);
            }

            if (rest > Lanes)
            {
                s1 = TTerm.Add(s1, a + Lanes, b + Lanes, c);
            }

            if (rest > 2 * Lanes)
            {
                s2 = TTerm.Add(s2, a + 2 * Lanes, b + 2 * Lanes, c);
            }
        }

        s0.Store(chains);
        s1.Store(chains + Lanes);
        s2.Store(chains + 2 * Lanes);
        s3.Store(chains + 3 * Lanes);
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

    /// <summary>b where a is positive, which it also keeps there in place of b: the gradient of what was rectified to a.</summary>
    internal readonly struct RectifiedGradient<TLanes> : ITerm<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add(TLanes sum, float* a, float* b, TLanes center)
        {
            TLanes gradient = TLanes.WherePositive(TLanes.Load(a), TLanes.Load(b));
            gradient.Store(b);
            return sum + gradient;
        }
    }
}
