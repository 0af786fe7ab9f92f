namespace Inkling.Engine;

/// <summary>The geometry of one sweep of Winograd tiles; fixed once the tensors are allocated.</summary>
internal sealed unsafe class WinogradSweep
{
    /// <summary>Floats of windows and products that a group of tiles may take: half of a common second-level cache.</summary>
    private const int GroupLength = 128 * 1024;

    private const int MinGroupSize = 32;

    /// <summary>With fewer tiles a part, the parts divide the output channels and each transforms all windows.</summary>
    private const int MinPartSize = 8;

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

    /// <summary>Tiles that are transformed and multiplied together; any number gives the same bits.</summary>
    internal int GroupSize { get; }

    /// <summary>Floats between positions of transformed windows.</summary>
    internal int WindowPosition { get; }

    /// <summary>Floats between positions of products.</summary>
    internal int ProductPosition { get; }

    /// <summary>Blocks of input channels, along which a product's chain runs.</summary>
    internal TileRun* Runs { get; }

    /// <summary>Memory that the thread with a part of the tiles may overwrite.</summary>
    internal float* Scratch(int part) => _workspace.Scratch(part);

    /// <summary>Whether a map is large enough that tiles save more than their overhang wastes.</summary>
    internal static bool Pays(Shape output) => 6 * Tiles(output.Height) * Tiles(output.Width) <= output.Height * output.Width;

    /// <summary>Of an image, by the convolution's definition.</summary>
    internal long MultiplyAdds =>
        (long)WinogradTransform.KernelSize * WinogradTransform.KernelSize * Source.Shape.Channels * Destination.Shape.Count;

    /// <summary>A part's tiles of a chunk and blocks of output channels.</summary>
    internal ((int Start, int End) Tiles, (int Start, int End) Blocks) Divide(WorkPart part, int images) =>
        TilesPerImage >= MinPartSize * part.Count || part.Count == 1
            ? (part.RangeOf(images * TilesPerImage), (0, Destination.Blocks))
            : ((0, images * TilesPerImage), part.RangeOf(Destination.Blocks));

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Source.Shape.Channels}→{Destination.Shape.Channels}, {Destination.Shape.Height}×{Destination.Shape.Width}";

    /// <summary>Image, first output row and first output column of a tile of the chunk.</summary>
    internal (int Image, int Row, int Column) Locate(int tile)
    {
        (int image, int place) = Math.DivRem(tile, TilesPerImage);
        (int row, int column) = Math.DivRem(place, _tileColumns);
        return (image, row * WinogradTransform.TileSize, column * WinogradTransform.TileSize);
    }

    private static int Tiles(int size) => (size + WinogradTransform.TileSize - 1) / WinogradTransform.TileSize;
}
