using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// 3×3 convolutions of stride 1 by <see cref="WinogradTransform"/>: windows of the input are transformed, multiplied with
/// transformed filters as 36 matrix products, and transformed back. Forward pass, and with transposed and flipped filters
/// the gradient of the input.
/// </summary>
/// <remarks>
/// Order: per product, one chain from 0 over input block, lane; the bias is added last. What a window or a tile holds beyond
/// the map counts as zeros. Filters: [36, ⌈OC/16⌉, ⌈IC/16⌉·16, 16], a position every <see cref="PositionLength"/> floats.
/// </remarks>
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

    /// <summary>Transforms filters [blocks, 3, 3, 16, 16] to [36, blocks, 16, 16].</summary>
    /// <param name="filters">Filters.</param>
    /// <param name="rows">Blocks times 16.</param>
    /// <param name="transformed">Overwritten.</param>
    /// <param name="position">Floats between positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void TransformFilters<TLanes>(float* filters, int rows, float* transformed, int position)
        where TLanes : struct, ILanes<TLanes>
    {
        const int Tap = Lanes * Lanes;
        float* stack = stackalloc float[WinogradTransform.StackLength];
        float* scratch = WinogradTransform.Align(stack);
        for (int row = 0; row < rows; row++)
        {
            float* filter = filters + row / Lanes * (9 * Tap) + row % Lanes * Lanes;
            WinogradTransform.Apply<TLanes, WinogradTransform.Filter>(
                filter, 3 * Tap, Tap, scratch, transformed + row * Lanes, WindowSize * position, position);
        }
    }

    internal static void Run<TLanes>(
        RegisterTile.Table<TLanes> tiles, WinogradSweep sweep, float* filters, float* bias, Epilogue epilogue, int images)
        where TLanes : struct, ILanes<TLanes>
    {
        float* windows = sweep.Scratch;
        float* products = windows + WinogradTransform.Positions * sweep.WindowPosition;
        int count = images * sweep.TilesPerImage;
        int end = count * (sweep.Part + 1) / sweep.Parts;
        for (int first = count * sweep.Part / sweep.Parts; first < end; first += sweep.GroupSize)
        {
            int group = Math.Min(sweep.GroupSize, end - first);
            TransformWindows<TLanes>(sweep, first, group, windows);
            Multiply(tiles, sweep, group, windows, filters, products);
            TransformProducts<TLanes>(sweep, first, group, products, bias, epilogue);
        }
    }

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
                (row < height && column < width ? TLanes.Load(source + row * stride + column * Lanes) : TLanes.Broadcast(0)).Store(destination);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TLanes>(
        RegisterTile.Table<TLanes> tiles, WinogradSweep sweep, int group, float* windows, float* filters, float* products)
        where TLanes : struct, ILanes<TLanes>
    {
        float* zeros = stackalloc float[Lanes];
        new Span<float>(zeros, Lanes).Clear();
        int outBlocks = sweep.Destination.Blocks;
        int filterBlock = sweep.Source.Blocks * Lanes * Lanes;
        int filterPosition = PositionLength(sweep.FilterBlocks, sweep.Source.Blocks * Lanes);
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
            for (int block = 0; block < outBlocks; block += tiles.Limits.Columns)
            {
                int blocks = Math.Min(tiles.Limits.Columns, outBlocks - block);
                t.B = filters + position * filterPosition + block * filterBlock;
                t.A = windows + position * sweep.WindowPosition;
                t.C = products + position * sweep.ProductPosition + block * t.CColumn;
                tiles.Multiply(&t, group, blocks);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformProducts<TLanes>(WinogradSweep sweep, int first, int group, float* products, float* bias, Epilogue epilogue)
        where TLanes : struct, ILanes<TLanes>
    {
        Tensor destination = sweep.Destination;
        float* stack = stackalloc float[WinogradTransform.StackLength];
        float* scratch = WinogradTransform.Align(stack);
        float* outputs = scratch + WinogradTransform.ScratchLength;
        int position = sweep.ProductPosition;
        for (int block = 0; block < destination.Blocks; block++)
        {
            TLanes offset = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias + block * Lanes);
            for (int tile = 0; tile < group; tile++)
            {
                (int image, int row, int column) = sweep.Locate(first + tile);
                WinogradTransform.Apply<TLanes, WinogradTransform.Output>(
                    products + (block * sweep.GroupSize + tile) * Lanes, WindowSize * position, position, scratch, outputs, TileSize * Lanes, Lanes);
                CachePrefetch.Pixels(destination.At(block, image, row, column) + Ahead, destination.RowStride, TileSize, TileSize);
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

/// <summary>The geometry of one sweep of Winograd tiles; fixed once the tensors are allocated.</summary>
internal sealed unsafe class WinogradSweep
{
    /// <summary>Floats of windows and products that a group of tiles may take: half of a common second-level cache.</summary>
    private const int GroupLength = 128 * 1024;

    private const int MinGroupSize = 32;

    private readonly Workspace _workspace;
    private readonly int _tileColumns;

    /// <param name="workspace">Memory of one thread.</param>
    /// <param name="source">What is read, with a halo of at least the padding.</param>
    /// <param name="destination">What is written; or the gradient of it, where filters' gradients are computed.</param>
    /// <param name="padding">Zeros around the source that take part.</param>
    /// <param name="sums">Room for the sums of all positions, which filters' gradients need.</param>
    internal WinogradSweep(Workspace workspace, Tensor source, Tensor destination, int padding, bool sums = false)
    {
        _workspace = workspace;
        Source = source;
        Destination = destination;
        Padding = padding;
        FilterBlocks = destination.Blocks;
        _tileColumns = Tiles(destination.Shape.Width);
        TilesPerImage = Tiles(destination.Shape.Height) * _tileColumns;
        int blocks = source.Blocks + destination.Blocks;
        int fitting = GroupLength / (WinogradTransform.Positions * blocks * Tensor.BlockLanes);
        GroupSize = Math.Min(source.Images * TilesPerImage, Math.Max(MinGroupSize, fitting));
        WindowPosition = WinogradKernel.PositionLength(source.Blocks, GroupSize);
        ProductPosition = WinogradKernel.PositionLength(destination.Blocks, GroupSize);
        workspace.Reserve(
            WinogradTransform.Positions * (WindowPosition + ProductPosition)
            + (sums && workspace.IsForTraining ? WinogradKernel.FilterLength(destination.Blocks, source.Blocks) : 0));
        Runs = (TileRun*)workspace.Allocate((long)source.Blocks * sizeof(TileRun) / sizeof(float));
        for (int block = 0; block < source.Blocks; block++)
        {
            Runs[block] = new TileRun(
                block * GroupSize * Tensor.BlockLanes, block * Tensor.BlockLanes * Tensor.BlockLanes, Tensor.BlockLanes);
        }
    }

    internal Tensor Source { get; }

    internal Tensor Destination { get; }

    internal int Padding { get; }

    internal int TilesPerImage { get; }

    /// <summary>Which part of the tiles to compute.</summary>
    internal int Part { get; private init; }

    /// <summary>Number of parts.</summary>
    internal int Parts { get; private init; } = 1;

    /// <summary>Number of the destination's first block in the whole convolution.</summary>
    internal int FirstBlock { get; private init; }

    /// <summary>Output blocks of the whole convolution, for which filters are laid out.</summary>
    internal int FilterBlocks { get; private init; }

    /// <summary>Tiles that are transformed and multiplied together; any number gives the same bits.</summary>
    internal int GroupSize { get; }

    /// <summary>Floats between positions of transformed windows.</summary>
    internal int WindowPosition { get; }

    /// <summary>Floats between positions of products.</summary>
    internal int ProductPosition { get; }

    /// <summary>Blocks of input channels, along which a product's chain runs.</summary>
    internal TileRun* Runs { get; }

    internal float* Scratch => _workspace.Scratch;

    /// <summary>Whether a map is large enough that tiles save more than their overhang wastes.</summary>
    internal static bool Pays(Shape output) => 6 * Tiles(output.Height) * Tiles(output.Width) <= output.Height * output.Width;

    /// <summary>Of an image, by the convolution's definition.</summary>
    internal long MultiplyAdds =>
        (long)WinogradTransform.KernelSize * WinogradTransform.KernelSize * Source.Shape.Channels * Destination.Shape.Count;

    /// <summary>The same sweep over a part of its tiles.</summary>
    internal WinogradSweep TileRange(Workspace workspace, int part, int parts) =>
        new(workspace, Source, Destination, Padding) { Part = part, Parts = parts };

    /// <summary>The same sweep over some blocks of its destination's channels.</summary>
    internal WinogradSweep BlockRange(Workspace workspace, TensorPart destination) =>
        new(workspace, Source, destination.Tensor, Padding) { FirstBlock = destination.FirstBlock, FilterBlocks = Destination.Blocks };

    /// <summary>Image, first output row and first output column of a tile of the chunk.</summary>
    internal (int Image, int Row, int Column) Locate(int tile)
    {
        (int image, int place) = Math.DivRem(tile, TilesPerImage);
        (int row, int column) = Math.DivRem(place, _tileColumns);
        return (image, row * WinogradTransform.TileSize, column * WinogradTransform.TileSize);
    }

    private static int Tiles(int size) => (size + WinogradTransform.TileSize - 1) / WinogradTransform.TileSize;
}
