using Inkling.Engine.Memory;

namespace Inkling.Engine.Kernels;

/// <summary>Walks blocks of three tensors of one shape row by row: the stretches of memory without halo.</summary>
/// <remarks>Where no tensor has a halo, all images of a block are one row.</remarks>
internal unsafe struct PixelRows
{
    private readonly Tensor _a;
    private readonly Tensor _b;
    private readonly Tensor _c;
    private readonly int _images;
    private readonly int _rows;
    private readonly int _endBlock;
    private readonly nint _length;
    private float* _rowA;
    private float* _rowB;
    private float* _rowC;
    private int _block;
    private int _image = -1;
    private int _row;

    internal PixelRows(Tensor a, Tensor b, Tensor c, int images)
        : this(a, b, c, images, 0, a.Blocks)
    {
    }

    /// <param name="a">First tensor.</param>
    /// <param name="b">Second tensor.</param>
    /// <param name="c">Third tensor.</param>
    /// <param name="images">Images in the chunk.</param>
    /// <param name="firstBlock">First block of channels.</param>
    /// <param name="endBlock">The block after the last.</param>
    /// <param name="group">Rows of a width that isn't a multiple of it stay apart.</param>
    internal PixelRows(Tensor a, Tensor b, Tensor c, int images, int firstBlock, int endBlock, int group = 1)
    {
        bool oneRow = (a.Halo | b.Halo | c.Halo) == 0 && a.Shape.Width % group == 0;
        _a = a;
        _b = b;
        _c = c;
        _images = oneRow ? 1 : images;
        _rows = oneRow ? 1 : a.Shape.Height;
        _length = oneRow ? (nint)images * a.ImageStride : (nint)a.Shape.Width * a.Lanes;
        _block = firstBlock;
        _endBlock = endBlock;
        _row = _rows - 1;
    }

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
        if (++_image == _images)
        {
            _image = 0;
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
