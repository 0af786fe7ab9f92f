using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>Gradient of a convolution's filters over one chunk, as register tiles of kernel elements by output channels.</summary>
/// <remarks>
/// Order: per filter element, one chain from 0 over image, output row, output column. Images are taken a few at a time, so
/// that they stay in cache while all filters pass over them; the chain is kept in memory in between, which rounds nothing.
/// </remarks>
/// <param name="sweep">Where from and to.</param>
/// <param name="gradWeight">As the filters lie, overwritten.</param>
/// <param name="images">Images in the chunk.</param>
internal readonly unsafe struct WeightGradient(WeightGradientSweep sweep, float* gradWeight, int images) : IKernelCall
{
    /// <summary>Pixels per visit of a filter element: enough to make loading and storing its tile negligible.</summary>
    private const int PixelsPerGroup = 256;

    private const int MaxRuns = 512;

    public KernelWork Work => new(sweep, sweep.MultiplyAdds);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        Tensor input = sweep.Input;
        Tensor gradOutput = sweep.GradOutput;
        int rows = gradOutput.Shape.Height;
        (int columns, int count) = sweep.ImagesAreColumns ? (images, 1) : (gradOutput.Shape.Width, images);

        float* zeros = stackalloc float[ILanes<TLanes>.Count];
        new Span<float>(zeros, ILanes<TLanes>.Count).Clear();
        TileRun* runs = stackalloc TileRun[MaxRuns];
        int rowsPerVisit = Math.Min(rows, MaxRuns);
        int imagesPerVisit = rowsPerVisit < rows
            ? 1
            : Math.Clamp(PixelsPerGroup / (rows * columns), 1, Math.Max(1, MaxRuns / rows));

        for (int image = 0; image < count; image += imagesPerVisit)
        {
            int group = Math.Min(imagesPerVisit, count - image);
            for (int row = 0; row < rows; row += rowsPerVisit)
            {
                int height = Math.Min(rowsPerVisit, rows - row);
                for (int run = 0; run < group * height; run++)
                {
                    int n = run / height;
                    int y = row + run % height;
                    runs[run] = new TileRun(
                        n * input.ImageStride + y * sweep.Stride * input.RowStride,
                        n * gradOutput.ImageStride + y * gradOutput.RowStride,
                        columns);
                }

                Visit(tiles, sweep, gradWeight, image, runs, group * height, image + row == 0 ? zeros : null);
            }
        }
    }

    /// <param name="zeros">Where chains begin, or null to go on from <paramref name="gradWeight"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Visit<TLanes>(
        RegisterTile.Table<TLanes> tiles,
        WeightGradientSweep sweep,
        float* gradWeight,
        int image,
        TileRun* runs,
        int runCount,
        float* zeros)
        where TLanes : struct, ILanes<TLanes>
    {
        int lanes = ILanes<TLanes>.Count;
        Tensor input = sweep.Input;
        Tensor gradOutput = sweep.GradOutput;
        int kernelRow = sweep.KernelSize * input.Lanes;
        int taps = sweep.KernelSize * kernelRow;
        nint filterBlock = (nint)input.Blocks * taps * lanes;
        TilePlace* places = stackalloc TilePlace[RegisterTile.MaxPlaces];
        int rowsTogether = tiles.IsShort(kernelRow) && taps <= RegisterTile.MaxPlaces ? sweep.KernelSize : 1;
        for (int tap = 0; tap < taps && rowsTogether > 1; tap++)
        {
            places[tap] = new TilePlace(tap / kernelRow * input.RowStride + tap % kernelRow, tap * lanes);
        }

        var t = new TileArguments
        {
            ARow = 1,
            AStep = sweep.Stride * input.Lanes,
            BColumn = gradOutput.BlockStride,
            Runs = runs,
            RunCount = runCount,
            InitialRow = zeros is null ? lanes : 0,
            InitialColumn = zeros is null ? filterBlock : 0,
            CRow = lanes,
            CColumn = filterBlock,
        };

        for (int block = 0; block < gradOutput.Blocks; block += tiles.Limits.Columns)
        {
            int blocks = Math.Min(tiles.Limits.Columns, gradOutput.Blocks - block);
            t.B = gradOutput.At(block, image, 0, 0);
            for (int run = 0; run < input.Blocks * sweep.KernelSize; run += rowsTogether)
            {
                int inputBlock = run / sweep.KernelSize;
                t.Places = rowsTogether > 1 ? places : null;
                t.A = input.At(inputBlock, image, run % sweep.KernelSize - sweep.Padding, -sweep.Padding);
                t.C = gradWeight + block * filterBlock + (nint)run * kernelRow * lanes;
                t.Initial = zeros is null ? t.C : zeros;
                tiles.Multiply(&t, rowsTogether * kernelRow, blocks);
            }
        }
    }
}

/// <summary>The geometry of a filter gradient.</summary>
/// <param name="Input">What the convolution read, with a halo of at least its padding.</param>
/// <param name="GradOutput">Gradient of what it wrote.</param>
/// <param name="KernelSize">K.</param>
/// <param name="Stride">In pixels.</param>
/// <param name="Padding">In pixels.</param>
/// <param name="ImagesAreColumns">The columns are the images of the chunk (linear layers).</param>
internal sealed record WeightGradientSweep(
    Tensor Input, Tensor GradOutput, int KernelSize, int Stride, int Padding, bool ImagesAreColumns)
{
    /// <summary>Of an image; a linear layer's columns are images.</summary>
    internal long MultiplyAdds => (long)Input.Shape.Channels * GradOutput.Shape.Channels * KernelSize * KernelSize
        * GradOutput.Shape.Height * (ImagesAreColumns ? 1 : GradOutput.Shape.Width);

    /// <inheritdoc/>
    public override string ToString() => $"{Input.Shape.Channels}→{GradOutput.Shape.Channels}, {KernelSize * KernelSize} taps, "
        + $"{GradOutput.Shape.Height}×{GradOutput.Shape.Width}";
}
