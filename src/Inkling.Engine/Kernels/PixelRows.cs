using Inkling.Engine.Memory;

namespace Inkling.Engine.Kernels;

/// <summary>Walks blocks of three tensors of one shape row by row: the stretches of memory without halo.</summary>
/// <remarks>Where no tensor has a halo, the rows of a block's maps are one.</remarks>
internal unsafe struct PixelRows
{
    private readonly Tensor _a;
    private readonly Tensor _b;
    private readonly Tensor _c;
    private readonly int _firstImage;
    private readonly int _endImage;
    private readonly int _rows;
    private readonly int _endBlock;
    private readonly nint _length;
    private float* _rowA;
    private float* _rowB;
    private float* _rowC;
    private int _block;
    private int _image;
    private int _row;

    /// <summary>All maps of some images.</summary>
    internal PixelRows(Tensor a, Tensor b, Tensor c, int images)
        : this(a, b, c, 0, a.Blocks, 0, images, group: 1)
    {
    }

    /// <summary>The maps of one block of channels of some images.</summary>
    internal PixelRows(Tensor a, Tensor b, Tensor c, int block, int images, int group = 1)
        : this(a, b, c, block, block + 1, 0, images, group)
    {
    }

    private PixelRows(Tensor a, Tensor b, Tensor c, int firstBlock, int endBlock, int firstImage, int endImage, int group)
    {
        bool oneRow = (a.Halo | b.Halo | c.Halo) == 0 && a.Shape.Width % group == 0;
        int images = endImage - firstImage;
        _a = a;
        _b = b;
        _c = c;
        _firstImage = firstImage;
        _endImage = oneRow ? firstImage + 1 : endImage;
        _rows = oneRow ? 1 : a.Shape.Height;
        _length = (nint)a.Shape.Width * a.Lanes * (oneRow ? a.Shape.Height * images : 1);
        _block = firstBlock;
        _endBlock = endBlock;
        _image = firstImage - 1;
        _row = _rows - 1;
    }

    /// <summary>One map.</summary>
    /// <param name="a">First tensor.</param>
    /// <param name="b">Second tensor.</param>
    /// <param name="c">Third tensor.</param>
    /// <param name="block">Block of channels.</param>
    /// <param name="image">Image.</param>
    /// <param name="group">Rows whose width isn't a multiple of it stay apart.</param>
    internal static PixelRows OfMap(Tensor a, Tensor b, Tensor c, int block, int image, int group = 1) =>
        new(a, b, c, block, block + 1, image, image + 1, group);

    public readonly PixelRow Current => new(_rowA, _rowB, _rowC, _length);

    public readonly PixelRows GetEnumerator() => this;

    public bool MoveNext()
    {
        if (++_row < _rows)
        {
            _rowA += _a.RowStride;
            _rowB += _b.RowStride;
            _rowC += _c.RowStride;
            return true;
        }

        _row = 0;
        if (++_image == _endImage)
        {
            _image = _firstImage;
            _block++;
        }

        if (_block >= _endBlock)
        {
            return false;
        }

        _rowA = _a.At(_block, _image, 0, 0);
        _rowB = _b.At(_block, _image, 0, 0);
        _rowC = _c.At(_block, _image, 0, 0);
        return true;
    }
}

/// <summary>One row of three tensors.</summary>
internal readonly unsafe struct PixelRow(float* a, float* b, float* c, nint length)
{
    internal float* A { get; } = a;

    internal float* B { get; } = b;

    internal float* C { get; } = c;

    /// <summary>In floats; a multiple of the lanes.</summary>
    internal nint Length { get; } = length;
}
