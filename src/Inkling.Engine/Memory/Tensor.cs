using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// Activations of a chunk, or their gradients: [⌈C/L⌉, N, H + 2·halo, W + 2·halo, L], where L lanes of consecutive
/// channels lie side by side. L is 16, or 1 for images of a few channels (planar).
/// </summary>
/// <remarks>
/// The halo is a border of zeros that nothing writes, so that a convolution reads its padding without asking where the
/// map ends. Lanes beyond the last channel stay zero too. Memory belongs to the <see cref="Workspace"/>.
/// </remarks>
internal sealed unsafe class Tensor
{
    internal const int BlockLanes = 16;

    internal Tensor(float* data, Shape shape, int images, int lanes, int halo)
        : this(data, shape, images, lanes, halo, maps: 1)
    {
    }

    private Tensor(float* data, Shape shape, int images, int lanes, int halo, int maps)
    {
        Data = data;
        Shape = shape;
        Images = images;
        Lanes = lanes;
        Halo = halo;
        Blocks = (shape.Channels + lanes - 1) / lanes;
        RowStride = (shape.Width + 2 * halo) * lanes;
        ImageStride = maps * (shape.Height + 2 * halo) * RowStride;
        BlockStride = images * ImageStride;
    }

    /// <summary>All maps of all images in the memory of one map, [H, W, 16]: for a map that is used before the next is made.</summary>
    internal static Tensor OneMap(float* data, Shape shape, int images) => new(data, shape, images, BlockLanes, halo: 0, maps: 0);

    internal float* Data { get; }

    internal Shape Shape { get; }

    /// <summary>N, the number of images it can hold.</summary>
    internal int Images { get; }

    internal int Lanes { get; }

    internal int Halo { get; }

    internal int Blocks { get; }

    internal int RowStride { get; }

    internal int ImageStride { get; }

    internal int BlockStride { get; }

    /// <summary>First lane of a pixel; row and column may reach into the halo.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal float* At(int block, int image, int row, int column) =>
        Data + (nint)block * BlockStride + (nint)image * ImageStride + (row + Halo) * RowStride + (column + Halo) * Lanes;

    /// <summary>
    /// The same memory seen as one image of N pixels in a row. Needs a 1×1 map without halo, where images are neighbours.
    /// </summary>
    internal Tensor ImagesAsRow()
    {
        if (Shape.Height != 1 || Shape.Width != 1 || Halo != 0)
        {
            throw new ArgumentException($"a map of {Shape.Height}×{Shape.Width} with halo {Halo} is not a row of images");
        }

        return new Tensor(Data, new Shape(Shape.Channels, 1, Images), 1, Lanes, 0);
    }

    /// <summary>Number of floats a tensor of this geometry occupies.</summary>
    internal static long LengthOf(Shape shape, int images, int lanes, int halo) =>
        (long)((shape.Channels + lanes - 1) / lanes) * images * (shape.Height + 2 * halo) * (shape.Width + 2 * halo) * lanes;

    internal float this[int image, int channel, int row, int column]
    {
        get => At(channel / Lanes, image, row, column)[channel % Lanes];
        set => At(channel / Lanes, image, row, column)[channel % Lanes] = value;
    }

    /// <inheritdoc/>
    public override string ToString() => Shape.ToString();
}
