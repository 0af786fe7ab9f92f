using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>Rectification and addition of activations; halos need not agree.</summary>
internal static unsafe class ElementwiseKernel
{
    /// <summary>y = max(x, 0); may be in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rectify<TLanes>(Tensor x, Tensor y, int images)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelMap map in new PixelMaps(x, y, y, images))
        {
            float* a = map.A, b = map.B;
            for (int row = 0; row < map.Rows; row++, a += map.RowA, b += map.RowB)
            {
                for (nint i = 0; i < map.Length; i += Tensor.BlockLanes)
                {
                    TLanes.Rectify(TLanes.Load(a + i)).Store(b + i);
                }
            }
        }
    }

    /// <summary>gradient = condition &gt; 0 ? gradient : 0, in place and as a copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void WherePositive<TLanes>(Tensor condition, Tensor gradient, Tensor copy, int images)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelMap map in new PixelMaps(condition, gradient, copy, images))
        {
            float* a = map.A, b = map.B, c = map.C;
            for (int row = 0; row < map.Rows; row++, a += map.RowA, b += map.RowB, c += map.RowC)
            {
                for (nint i = 0; i < map.Length; i += Tensor.BlockLanes)
                {
                    TLanes value = TLanes.WherePositive(TLanes.Load(a + i), TLanes.Load(b + i));
                    value.Store(b + i);
                    value.Store(c + i);
                }
            }
        }
    }

    /// <summary>destination = mask &gt; 0 ? source · mask : 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Mask<TLanes>(Tensor mask, Tensor source, Tensor destination, int images)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelMap map in new PixelMaps(mask, source, destination, images))
        {
            float* a = map.A, b = map.B, c = map.C;
            for (int row = 0; row < map.Rows; row++, a += map.RowA, b += map.RowB, c += map.RowC)
            {
                for (nint i = 0; i < map.Length; i += Tensor.BlockLanes)
                {
                    TLanes factor = TLanes.Load(a + i);
                    TLanes.WherePositive(factor, TLanes.Load(b + i) * factor).Store(c + i);
                }
            }
        }
    }

    /// <summary>destination = left + right, rectified if <paramref name="relu"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add<TLanes>(Tensor left, Tensor right, Tensor destination, int images, bool relu)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelMap map in new PixelMaps(left, right, destination, images))
        {
            float* a = map.A, b = map.B, c = map.C;
            for (int row = 0; row < map.Rows; row++, a += map.RowA, b += map.RowB, c += map.RowC)
            {
                for (nint i = 0; i < map.Length; i += Tensor.BlockLanes)
                {
                    TLanes sum = TLanes.Load(a + i) + TLanes.Load(b + i);
                    (relu ? TLanes.Rectify(sum) : sum).Store(c + i);
                }
            }
        }
    }

    /// <summary>destination = source.</summary>
    internal static void Copy(Tensor source, Tensor destination, int images)
    {
        foreach (PixelMap map in new PixelMaps(source, destination, destination, images))
        {
            float* a = map.A, b = map.B;
            for (int row = 0; row < map.Rows; row++, a += map.RowA, b += map.RowB)
            {
                new ReadOnlySpan<float>(a, (int)map.Length).CopyTo(new Span<float>(b, (int)map.Length));
            }
        }
    }
}
