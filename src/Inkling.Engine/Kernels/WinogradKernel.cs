using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// 3×3 convolutions of stride 1 by <see cref="WinogradTransform"/>: windows of the input are transformed, multiplied with
/// transformed filters as 36 matrix products, and transformed back. Forward pass, and with transposed and flipped filters
/// the gradient of the input.
/// </summary>
/// <remarks>
/// Order: per product, one chain from 0 over input block, lane; the bias is added last. What a window or a tile holds beyond
/// the map counts as zeros. Filters: [36, ⌈OC/16⌉, ⌈IC/16⌉·16, 16], a position every <see cref="WinogradKernel.PositionLength"/> floats.
/// </remarks>
/// <param name="sweep">Where from and to.</param>
/// <param name="filters">Transformed filters.</param>
/// <param name="bias">[OC], or null.</param>
/// <param name="epilogue">What happens to every output.</param>
/// <param name="images">Images in the chunk.</param>
internal readonly unsafe struct WinogradConvolve(WinogradSweep sweep, float* filters, float* bias, Epilogue epilogue, int images)
    : IKernelCall
{
    private const int Lanes = Tensor.BlockLanes;
    private const int TileSize = WinogradTransform.TileSize;
    private const int WindowSize = WinogradTransform.WindowSize;

    public KernelWork Work => new(sweep, sweep.MultiplyAdds, Divisible: sweep.MultiplyAdds);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        ((int firstTile, int endTile), (int firstBlock, int endBlock)) = sweep.Divide(part, images);
        float* windows = sweep.Scratch(part.Index);
        float* products = windows + WinogradTransform.Positions * sweep.WindowPosition;
        for (int first = firstTile; first < endTile; first += sweep.GroupSize)
        {
            int group = Math.Min(sweep.GroupSize, endTile - first);
            WinogradKernel.TransformWindows<TLanes>(sweep, first, group, windows);
            Multiply(tiles, sweep, firstBlock, endBlock, group, windows, filters, products);
            TransformProducts<TLanes>(sweep, firstBlock, endBlock, first, group, products, bias, epilogue);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TLanes>(
        RegisterTile.Table<TLanes> tiles, WinogradSweep sweep, int firstBlock, int endBlock, int group, float* windows, float* filters,
        float* products)
        where TLanes : struct, ILanes<TLanes>
    {
        float* zeros = stackalloc float[Lanes];
        new Span<float>(zeros, Lanes).Clear();
        int filterBlock = sweep.Source.Blocks * Lanes * Lanes;
        int filterPosition = WinogradKernel.PositionLength(sweep.Destination.Blocks, sweep.Source.Blocks * Lanes);
        var t = new TileArguments
        {
            ARow = Lanes,
            AStep = 1,
            BColumn = filterBlock,
            Runs = sweep.Runs,
            RunCount = sweep.Source.Blocks,
            Initial = zeros,
            CRow = Lanes,
            CColumn = sweep.GroupSize * Lanes,
        };
        for (int position = 0; position < WinogradTransform.Positions; position++)
        {
            for (int block = firstBlock; block < endBlock; block += tiles.Limits.Columns)
            {
                t.B = filters + position * filterPosition + block * filterBlock;
                t.A = windows + position * sweep.WindowPosition;
                t.C = products + position * sweep.ProductPosition + block * t.CColumn;
                tiles.Multiply(&t, group, Math.Min(tiles.Limits.Columns, endBlock - block));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformProducts<TLanes>(
        WinogradSweep sweep, int firstBlock, int endBlock, int first, int group, float* products, float* bias, Epilogue epilogue)
        where TLanes : struct, ILanes<TLanes>
    {
        Tensor destination = sweep.Destination;
        float* stack = stackalloc float[WinogradTransform.StackLength];
        float* scratch = WinogradTransform.Align(stack);
        float* outputs = scratch + WinogradTransform.ScratchLength;
        int position = sweep.ProductPosition;
        for (int block = firstBlock; block < endBlock; block++)
        {
            TLanes offset = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias + block * Lanes);
            for (int tile = 0; tile < group; tile++)
            {
                (int image, int row, int column) = sweep.Locate(first + tile);
                WinogradTransform.Apply<TLanes, WinogradTransform.Output>(
                    products + (block * sweep.GroupSize + tile) * Lanes,
                    WindowSize * position,
                    position,
                    scratch,
                    outputs,
                    TileSize * Lanes,
                    Lanes);
                CachePrefetch.Pixels(
                    destination.At(block, image, row, column) + WinogradKernel.Ahead, destination.RowStride, TileSize, TileSize);
                int height = Math.Min(TileSize, destination.Shape.Height - row);
                int width = Math.Min(TileSize, destination.Shape.Width - column);
                for (int h = 0; h < height; h++)
                {
                    float* y = destination.At(block, image, row + h, column);
                    for (int w = 0; w < width; w++)
                    {
                        (TLanes.Load(outputs + (h * TileSize + w) * Lanes) + offset).Store(y + w * Lanes);
                    }

                    if (!epilogue.IsNone)
                    {
                        epilogue.Apply<TLanes>(block, y, width, Lanes);
                    }
                }
            }
        }
    }
}

/// <summary>Transforms filters [blocks, 3, 3, 16, 16] to [36, blocks, 16, 16].</summary>
/// <param name="filters">Filters.</param>
/// <param name="rows">Blocks times 16.</param>
/// <param name="transformed">Overwritten.</param>
/// <param name="position">Floats between positions.</param>
internal readonly unsafe struct WinogradFilters(float* filters, int rows, float* transformed, int position) : IKernelCall
{
    private const int Lanes = Tensor.BlockLanes;

    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        const int Tap = Lanes * Lanes;
        float* stack = stackalloc float[WinogradTransform.StackLength];
        float* scratch = WinogradTransform.Align(stack);
        for (int row = 0; row < rows; row++)
        {
            float* filter = filters + row / Lanes * (9 * Tap) + row % Lanes * Lanes;
            WinogradTransform.Apply<TLanes, WinogradTransform.Filter>(
                filter, 3 * Tap, Tap, scratch, transformed + row * Lanes, WinogradTransform.WindowSize * position, position);
        }
    }
}

/// <summary>What the convolution and the gradient of its filters have in common.</summary>
internal static unsafe class WinogradKernel
{
    private const int Lanes = Tensor.BlockLanes;
    private const int TileSize = WinogradTransform.TileSize;
    private const int WindowSize = WinogradTransform.WindowSize;

    /// <summary>Floats from a tile to the one after next, which is fetched ahead: rows of tiles defeat the hardware's guesses.</summary>
    internal const int Ahead = 2 * TileSize * Lanes;

    /// <summary>Floats between positions: sixteen more than needed, since powers of two would all meet in one cache set.</summary>
    internal static int PositionLength(int blocks, int length) => blocks * length * Lanes + Lanes;

    /// <summary>Floats of a transformed filter.</summary>
    internal static int FilterLength(int outBlocks, int inBlocks) =>
        WinogradTransform.Positions * PositionLength(outBlocks, inBlocks * Lanes);

    /// <summary>Transforms the windows of some tiles: [36, ⌈IC/16⌉, group, 16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void TransformWindows<TLanes>(WinogradSweep sweep, int first, int group, float* windows)
        where TLanes : struct, ILanes<TLanes>
    {
        Tensor source = sweep.Source;
        float* stack = stackalloc float[WinogradTransform.StackLength];
        float* scratch = WinogradTransform.Align(stack);
        float* clipped = scratch + WinogradTransform.ScratchLength;
        int position = sweep.WindowPosition;
        for (int block = 0; block < source.Blocks; block++)
        {
            for (int tile = 0; tile < group; tile++)
            {
                (int image, int row, int column) = sweep.Locate(first + tile);
                row -= sweep.Padding;
                column -= sweep.Padding;
                float* window = source.At(block, image, row, column);
                nint stride = source.RowStride;
                CachePrefetch.Pixels(window + Ahead + (WindowSize - TileSize) * Lanes, stride, WindowSize, TileSize);
                int height = source.Shape.Height + sweep.Padding - row;
                int width = source.Shape.Width + sweep.Padding - column;
                if (height < WindowSize || width < WindowSize)
                {
                    Clip<TLanes>(window, stride, height, width, clipped, WindowSize);
                    window = clipped;
                    stride = WindowSize * Lanes;
                }

                WinogradTransform.Apply<TLanes, WinogradTransform.Input>(
                    window, stride, Lanes, scratch, windows + (block * sweep.GroupSize + tile) * Lanes, WindowSize * position, position);
            }
        }
    }

    /// <summary>Copies the part of a square that lies on the map and clears the rest.</summary>
    internal static void Clip<TLanes>(float* source, nint stride, int height, int width, float* destination, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++, destination += Lanes)
            {
                TLanes value = row < height && column < width
                    ? TLanes.Load(source + row * stride + column * Lanes)
                    : TLanes.Broadcast(0);
                value.Store(destination);
            }
        }
    }
}
