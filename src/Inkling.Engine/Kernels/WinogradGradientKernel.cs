using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>Gradient of a 3×3 convolution's filters over one chunk, by <see cref="WinogradTransform"/>.</summary>
/// <remarks>
/// Order: per position and pair of channels, one chain from 0 over the chunk's tiles (image, row, column) of transformed
/// window times transformed gradient; the sums are transformed back once. Tiles are taken a group at a time, the chains kept
/// in memory in between, which rounds nothing.
/// </remarks>
/// <param name="sweep">From the convolution's input to its output's gradient.</param>
/// <param name="gradWeight">[⌈OC/16⌉, ⌈IC/16⌉, 3, 3, 16, 16], overwritten.</param>
/// <param name="images">Images in the chunk.</param>
internal readonly unsafe struct WinogradWeightGradient(WinogradSweep sweep, float* gradWeight, int images) : IKernelCall
{
    private const int Lanes = Tensor.BlockLanes;
    private const int TileSize = WinogradTransform.TileSize;
    private const int WindowSize = WinogradTransform.WindowSize;

    public KernelWork Work => new(sweep, sweep.MultiplyAdds);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        float* windows = sweep.Scratch(0);
        float* gradients = windows + WinogradTransform.Positions * sweep.WindowPosition;
        float* sums = gradients + WinogradTransform.Positions * sweep.ProductPosition;
        int count = images * sweep.TilesPerImage;
        for (int first = 0; first < count; first += sweep.GroupSize)
        {
            int group = Math.Min(sweep.GroupSize, count - first);
            WinogradKernel.TransformWindows<TLanes>(sweep, first, group, windows);
            TransformGradients<TLanes>(sweep, first, group, gradients);
            Accumulate(tiles, sweep, group, windows, gradients, sums, isFirst: first == 0);
        }

        TransformSums<TLanes>(sweep, sums, gradWeight);
    }

    /// <summary>Transforms the output's gradient of some tiles: [36, ⌈OC/16⌉, group, 16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformGradients<TLanes>(WinogradSweep sweep, int first, int group, float* gradients)
        where TLanes : struct, ILanes<TLanes>
    {
        Tensor gradOutput = sweep.Destination;
        float* stack = stackalloc float[WinogradTransform.StackLength];
        float* scratch = WinogradTransform.Align(stack);
        float* clipped = scratch + WinogradTransform.ScratchLength;
        int position = sweep.ProductPosition;
        for (int block = 0; block < gradOutput.Blocks; block++)
        {
            for (int tile = 0; tile < group; tile++)
            {
                (int image, int row, int column) = sweep.Locate(first + tile);
                float* outputs = gradOutput.At(block, image, row, column);
                nint stride = gradOutput.RowStride;
                CachePrefetch.Pixels(outputs + WinogradKernel.Ahead, stride, TileSize, TileSize);
                int height = gradOutput.Shape.Height - row;
                int width = gradOutput.Shape.Width - column;
                if (height < TileSize || width < TileSize)
                {
                    WinogradKernel.Clip<TLanes>(outputs, stride, height, width, clipped, TileSize);
                    outputs = clipped;
                    stride = TileSize * Lanes;
                }

                WinogradTransform.Apply<TLanes, WinogradTransform.OutputGradient>(
                    outputs, stride, Lanes, scratch, gradients + (block * sweep.GroupSize + tile) * Lanes, WindowSize * position, position);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<TLanes>(
        RegisterTile.Table<TLanes> tiles, WinogradSweep sweep, int group, float* windows, float* gradients, float* sums, bool isFirst)
        where TLanes : struct, ILanes<TLanes>
    {
        float* zeros = stackalloc float[Lanes];
        new Span<float>(zeros, Lanes).Clear();
        var run = new TileRun(0, 0, group);
        int inBlocks = sweep.Source.Blocks;
        int outBlocks = sweep.Destination.Blocks;
        int filterBlock = inBlocks * Lanes * Lanes;
        int sumsPosition = WinogradKernel.PositionLength(outBlocks, inBlocks * Lanes);
        var t = new TileArguments
        {
            ARow = 1,
            AStep = Lanes,
            BColumn = sweep.GroupSize * Lanes,
            Runs = &run,
            RunCount = 1,
            InitialRow = isFirst ? 0 : Lanes,
            InitialColumn = isFirst ? 0 : filterBlock,
            CRow = Lanes,
            CColumn = filterBlock,
        };
        for (int position = 0; position < WinogradTransform.Positions; position++)
        {
            for (int block = 0; block < outBlocks; block += tiles.Limits.Columns)
            {
                int blocks = Math.Min(tiles.Limits.Columns, outBlocks - block);
                t.B = gradients + position * sweep.ProductPosition + block * t.BColumn;
                float* a = windows + position * sweep.WindowPosition;
                float* c = sums + position * sumsPosition + block * filterBlock;
                for (int inBlock = 0; inBlock < inBlocks; inBlock++, a += sweep.GroupSize * Lanes, c += Lanes * Lanes)
                {
                    t.A = a;
                    t.C = c;
                    t.Initial = isFirst ? zeros : c;
                    tiles.Multiply(&t, Lanes, blocks);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformSums<TLanes>(WinogradSweep sweep, float* sums, float* gradWeight)
        where TLanes : struct, ILanes<TLanes>
    {
        const int Tap = Lanes * Lanes;
        float* stack = stackalloc float[WinogradTransform.StackLength];
        float* scratch = WinogradTransform.Align(stack);
        int inBlocks = sweep.Source.Blocks;
        int outBlocks = sweep.Destination.Blocks;
        int position = WinogradKernel.PositionLength(outBlocks, inBlocks * Lanes);
        for (int row = 0; row < outBlocks * inBlocks * Lanes; row++)
        {
            float* filter = gradWeight + row / Lanes * (9 * Tap) + row % Lanes * Lanes;
            WinogradTransform.Apply<TLanes, WinogradTransform.FilterGradient>(
                sums + row * Lanes, WindowSize * position, position, scratch, filter, 3 * Tap, Tap);
        }
    }
}
