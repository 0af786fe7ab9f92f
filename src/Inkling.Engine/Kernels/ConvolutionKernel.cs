using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// 2-D cross-correlation as a sweep of register tiles over the rows of the output. The same sweep computes the forward
/// pass and, with transposed and flipped filters, the gradient of the input.
/// </summary>
/// <remarks>
/// Order: per output element, one chain from the bias (or 0) over input block, kernel row, kernel column, lane.
/// Filters: [⌈OC/16⌉, ⌈IC/L⌉, KH, KW, L, 16]. Source of the blocked layout: Georganas et al. 2018, arXiv:1808.05567.
/// </remarks>
/// <param name="sweep">Where from and to.</param>
/// <param name="weights">Filters.</param>
/// <param name="bias">[OC], or null.</param>
/// <param name="epilogue">What happens to every output.</param>
/// <param name="images">Images in the chunk.</param>
internal readonly unsafe struct Convolve(ConvolutionSweep sweep, float* weights, float* bias, Epilogue epilogue, int images) : IKernelCall
{
    public KernelWork Work => new(sweep, sweep.MultiplyAdds, Divisible: sweep.MultiplyAdds);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        Tensor source = sweep.Source;
        Tensor destination = sweep.Destination;
        (int columns, int count) = sweep.ImagesAreColumns ? (images, 1) : (sweep.Columns, images);
        if (sweep.Rows * columns == 0)
        {
            return;
        }

        ((int firstRow, int endRow), (int firstBlock, int endBlock)) = sweep.Divide(part);

        float* zeros = stackalloc float[ILanes<TLanes>.Count];
        new Span<float>(zeros, ILanes<TLanes>.Count).Clear();
        int aRow = sweep.SourceStep * source.Lanes;
        int cRow = sweep.DestinationStep * destination.Lanes;
        int cLine = sweep.DestinationStep * destination.RowStride;
        int rowsTogether = tiles.IsShort(columns) ? Math.Clamp(RegisterTile.MaxPlaces / columns, 1, endRow - firstRow) : 1;
        TilePlace* places = stackalloc TilePlace[RegisterTile.MaxPlaces];
        for (int place = 0; place < rowsTogether * columns && rowsTogether > 1; place++)
        {
            (int h, int w) = Math.DivRem(place, columns);
            places[place] = new TilePlace(h * sweep.SourceStep * source.RowStride + w * aRow, h * cLine + w * cRow);
        }

        nint filterBlock = sweep.FilterBlockLength;
        var t = new TileArguments
        {
            ARow = aRow,
            AStep = 1,
            BColumn = filterBlock,
            Runs = sweep.Runs,
            RunCount = sweep.RunCount,
            InitialColumn = bias is null ? 0 : ILanes<TLanes>.Count,
            CRow = cRow,
            CColumn = destination.BlockStride,
        };

        bool hasEpilogue = !epilogue.IsNone;
        int sourceAdvance = rowsTogether * sweep.SourceStep * source.RowStride;
        int destinationAdvance = rowsTogether * cLine;
        for (int block = firstBlock; block < endBlock; block += tiles.Limits.Columns)
        {
            int blocks = Math.Min(tiles.Limits.Columns, endBlock - block);
            t.B = weights + block * filterBlock;
            t.Initial = bias is null ? zeros : bias + block * ILanes<TLanes>.Count;
            for (int image = 0; image < count; image++)
            {
                float* a = source.At(0, image, sweep.SourceRow + firstRow * sweep.SourceStep, sweep.SourceColumn);
                float* c = destination.At(
                    block, image, sweep.DestinationRow + firstRow * sweep.DestinationStep, sweep.DestinationColumn);
                for (int row = firstRow; row < endRow; row += rowsTogether, a += sourceAdvance, c += destinationAdvance)
                {
                    int rows = Math.Min(rowsTogether, endRow - row);
                    t.Places = rowsTogether > 1 ? places : null;
                    t.A = a;
                    t.C = c;
                    tiles.Multiply(&t, rows * columns, blocks);
                    for (int h = 0; h < rows && hasEpilogue; h++)
                    {
                        for (int w = 0; w < blocks; w++)
                        {
                            epilogue.Apply<TLanes>(block + w, c + h * cLine + w * t.CColumn, columns, cRow);
                        }
                    }
                }
            }
        }
    }}

/// <summary>The geometry of one sweep; fixed once the tensors are allocated.</summary>
internal sealed unsafe class ConvolutionSweep
{
    internal ConvolutionSweep(Workspace workspace, Tensor source, Tensor destination, int kernelRows, int kernelColumns)
    {
        Source = source;
        Destination = destination;
        Taps = kernelRows * kernelColumns;
        FilterBlockLength = (nint)source.Blocks * kernelRows * kernelColumns * source.Lanes * destination.Lanes;

        // Kernel columns and lanes are neighbours in memory, so one run covers a kernel row.
        int length = kernelColumns * source.Lanes;
        RunCount = length == 0 ? 0 : source.Blocks * kernelRows;
        Runs = (TileRun*)workspace.Allocate((long)RunCount * sizeof(TileRun) / sizeof(float));
        for (int run = 0; run < RunCount; run++)
        {
            int block = run / kernelRows;
            int kernelRow = run % kernelRows;
            Runs[run] = new TileRun(
                block * source.BlockStride + kernelRow * source.RowStride, run * length * destination.Lanes, length);
        }
    }

    internal Tensor Source { get; }

    internal Tensor Destination { get; }

    /// <summary>Kernel elements.</summary>
    internal int Taps { get; }

    internal nint FilterBlockLength { get; }

    internal TileRun* Runs { get; }

    internal int RunCount { get; }

    /// <summary>Number of output rows and columns to compute.</summary>
    internal required int Rows { get; init; }

    internal required int Columns { get; init; }

    /// <summary>Distance in the source between neighbouring outputs.</summary>
    internal int SourceStep { get; init; } = 1;

    /// <summary>Source pixel under the first kernel element of the first output; may lie in the halo.</summary>
    internal int SourceRow { get; init; }

    internal int SourceColumn { get; init; }

    /// <summary>Distance in the destination between outputs; above 1 where a strided convolution is undone phase by phase.</summary>
    internal int DestinationStep { get; init; } = 1;

    internal int DestinationRow { get; init; }

    internal int DestinationColumn { get; init; }

    /// <summary>The columns are the images of the chunk (linear layers).</summary>
    internal bool ImagesAreColumns { get; init; }

    /// <summary>Of an image; a linear layer's columns are images.</summary>
    internal long MultiplyAdds => (long)Source.Shape.Channels * Destination.Shape.Channels * Taps * Rows * (ImagesAreColumns ? 1 : Columns);

    /// <summary>A part's output rows and blocks of output channels: parts divide rows, or channels where there are too few rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ((int Start, int End) Rows, (int Start, int End) Blocks) Divide(WorkPart part) => Rows >= part.Count
        ? (part.RangeOf(Rows), (0, Destination.Blocks))
        : ((0, Rows), part.RangeOf(Destination.Blocks));

    /// <inheritdoc/>
    public override string ToString() => $"{Source.Shape.Channels}→{Destination.Shape.Channels}, {Taps} taps, {Rows}×{Columns}";
}
