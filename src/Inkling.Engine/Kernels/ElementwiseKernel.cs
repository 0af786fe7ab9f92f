using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>y = max(x, 0); may be in place.</summary>
/// <remarks>Here and below halos need not agree.</remarks>
internal readonly unsafe struct Rectify(Tensor x, Tensor y, int images) : IKernelCall
{
    public KernelWork Work => KernelWork.OnBlocksOf(x);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelMap map in new PixelMaps(x, y, y, images, part))
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
}

/// <summary>gradient = condition &gt; 0 ? gradient : 0, in place and as a copy.</summary>
internal readonly unsafe struct WherePositive(Tensor condition, Tensor gradient, Tensor copy, int images) : IKernelCall
{
    public KernelWork Work => new(condition);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelMap map in new PixelMaps(condition, gradient, copy, images, part))
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
}

/// <summary>destination = mask &gt; 0 ? source · mask : 0.</summary>
internal readonly unsafe struct Mask(Tensor mask, Tensor source, Tensor destination, int images) : IKernelCall
{
    public KernelWork Work => new(mask);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelMap map in new PixelMaps(mask, source, destination, images, part))
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
}

/// <summary>destination = left + right, rectified if <paramref name="relu"/>.</summary>
internal readonly unsafe struct Add(Tensor left, Tensor right, Tensor destination, int images, bool relu) : IKernelCall
{
    public KernelWork Work => KernelWork.OnBlocksOf(left);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        bool rectifies = relu;
        foreach (PixelMap map in new PixelMaps(left, right, destination, images, part))
        {
            float* a = map.A, b = map.B, c = map.C;
            for (int row = 0; row < map.Rows; row++, a += map.RowA, b += map.RowB, c += map.RowC)
            {
                for (nint i = 0; i < map.Length; i += Tensor.BlockLanes)
                {
                    TLanes sum = TLanes.Load(a + i) + TLanes.Load(b + i);
                    (rectifies ? TLanes.Rectify(sum) : sum).Store(c + i);
                }
            }
        }
    }
}

/// <summary>destination = source.</summary>
internal readonly unsafe struct Copy(Tensor source, Tensor destination, int images) : IKernelCall
{
    public KernelWork Work => KernelWork.OnBlocksOf(source);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelMap map in new PixelMaps(source, destination, destination, images, part))
        {
            float* a = map.A, b = map.B;
            for (int row = 0; row < map.Rows; row++, a += map.RowA, b += map.RowB)
            {
                new ReadOnlySpan<float>(a, (int)map.Length).CopyTo(new Span<float>(b, (int)map.Length));
            }
        }
    }
}
