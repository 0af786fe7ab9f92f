using Inkling.Engine.Memory;

namespace Inkling.Engine.Kernels;

/// <summary>Walks blocks of three tensors of one shape row by row: the stretches of memory without halo.</summary>
internal unsafe struct PixelRows(Tensor a, Tensor b, Tensor c, int images, int firstBlock, int endBlock)
{
    private int _block = firstBlock;
    private int _image;
    private int _row = -1;

    internal PixelRows(Tensor a, Tensor b, Tensor c, int images)
        : this(a, b, c, images, 0, a.Blocks)
    {
    }

    public readonly PixelRow Current => new(
        a.At(_block, _image, _row, 0),
        b.At(_block, _image, _row, 0),
        c.At(_block, _image, _row, 0),
        (nint)a.Shape.Width * a.Lanes);

    public readonly PixelRows GetEnumerator() => this;

    public bool MoveNext()
    {
        if (++_row == a.Shape.Height)
        {
            _row = 0;
            if (++_image == images)
            {
                _image = 0;
                _block++;
            }
        }

        return _block < endBlock;
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
