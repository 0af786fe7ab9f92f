using System.Runtime.CompilerServices;
using Inkling.Engine.Memory;

namespace Inkling.Engine.Kernels;

/// <summary>Rectification and addition of activations; halos need not agree.</summary>
internal static unsafe class ElementwiseKernel
{
    /// <summary>y = max(x, 0); may be in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rectify<TLanes>(Tensor x, Tensor y, int images)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelRow row in new PixelRows(x, y, y, images))
        {
            for (nint i = 0; i < row.Length; i += Tensor.BlockLanes)
            {
                TLanes.Rectify(TLanes.Load(row.A + i)).Store(row.B + i);
            }
        }
    }

    /// <summary>gradient = condition &gt; 0 ? gradient : 0, in place and as a copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void WherePositive<TLanes>(Tensor condition, Tensor gradient, Tensor copy, int images)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelRow row in new PixelRows(condition, gradient, copy, images))
        {
            for (nint i = 0; i < row.Length; i += Tensor.BlockLanes)
            {
                TLanes value = TLanes.WherePositive(TLanes.Load(row.A + i), TLanes.Load(row.B + i));
                value.Store(row.B + i);
                value.Store(row.C + i);
            }
        }
    }

    /// <summary>destination = mask &gt; 0 ? source · mask : 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Mask<TLanes>(Tensor mask, Tensor source, Tensor destination, int images)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelRow row in new PixelRows(mask, source, destination, images))
        {
            for (nint i = 0; i < row.Length; i += Tensor.BlockLanes)
            {
                TLanes factor = TLanes.Load(row.A + i);
                TLanes.WherePositive(factor, TLanes.Load(row.B + i) * factor).Store(row.C + i);
            }
        }
    }

    /// <summary>destination = a + b, rectified if <paramref name="relu"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add<TLanes>(Tensor a, Tensor b, Tensor destination, int images, bool relu)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelRow row in new PixelRows(a, b, destination, images))
        {
            for (nint i = 0; i < row.Length; i += Tensor.BlockLanes)
            {
                TLanes sum = TLanes.Load(row.A + i) + TLanes.Load(row.B + i);
                (relu ? TLanes.Rectify(sum) : sum).Store(row.C + i);
            }
        }
    }

    /// <summary>destination = source.</summary>
    internal static void Copy(Tensor source, Tensor destination, int images)
    {
        foreach (PixelRow row in new PixelRows(source, destination, destination, images))
        {
            new ReadOnlySpan<float>(row.A, (int)row.Length).CopyTo(new Span<float>(row.B, (int)row.Length));
        }
    }
}
