namespace Inkling.Engine;

/// <summary>Walks three tensors of one shape map by map: the stretches of memory without halo.</summary>
/// <remarks>Where no tensor has a halo, the maps of a block are one row.</remarks>
internal unsafe struct PixelMaps
{
    private readonly Tensor _a;
    private readonly Tensor _b;
    private readonly Tensor _c;
    private readonly int _firstImage;
    private readonly int _endImage;
    private readonly int _endBlock;
    private readonly int _rows;
    private readonly nint _length;
    private int _block;
    private int _image;

    /// <summary>A part's maps of some images: every part has some blocks of channels.</summary>
    internal PixelMaps(Tensor a, Tensor b, Tensor c, int images, WorkPart part)
        : this(a, b, c, part.RangeOf(a.Blocks), 0, images, group: 1)
    {
    }

    /// <summary>The maps of one block of channels of some images.</summary>
    internal PixelMaps(Tensor a, Tensor b, Tensor c, int block, int images, int group = 1)
        : this(a, b, c, (block, block + 1), 0, images, group)
    {
    }

    private PixelMaps(Tensor a, Tensor b, Tensor c, (int First, int End) blocks, int firstImage, int endImage, int group)
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
        (_block, _endBlock) = blocks;
        _image = firstImage - 1;
    }

    /// <summary>One map.</summary>
    /// <param name="a">First tensor.</param>
    /// <param name="b">Second tensor.</param>
    /// <param name="c">Third tensor.</param>
    /// <param name="block">Block of channels.</param>
    /// <param name="image">Image.</param>
    /// <param name="group">Rows whose width isn't a multiple of it stay apart.</param>
    internal static PixelMap Single(Tensor a, Tensor b, Tensor c, int block, int image, int group = 1)
    {
        var maps = new PixelMaps(a, b, c, (block, block + 1), image, image + 1, group);
        maps.MoveNext();
        return maps.Current;
    }

    public readonly PixelMap Current => new()
    {
        A = _a.At(_block, _image, 0, 0),
        B = _b.At(_block, _image, 0, 0),
        C = _c.At(_block, _image, 0, 0),
        RowA = _a.RowStride,
        RowB = _b.RowStride,
        RowC = _c.RowStride,
        Rows = _rows,
        Length = _length,
    };

    public readonly PixelMaps GetEnumerator() => this;

    public bool MoveNext()
    {
        if (++_image == _endImage)
        {
            _image = _firstImage;
            _block++;
        }

        return _block < _endBlock;
    }
}

/// <summary>One map of three tensors.</summary>
internal readonly unsafe struct PixelMap
{
    internal required float* A { get; init; }

    internal required float* B { get; init; }

    internal required float* C { get; init; }

    /// <summary>Floats from one row to the next.</summary>
    internal required nint RowA { get; init; }

    /// <inheritdoc cref="RowA"/>
    internal required nint RowB { get; init; }

    /// <inheritdoc cref="RowA"/>
    internal required nint RowC { get; init; }

    internal required int Rows { get; init; }

    /// <summary>Floats of a row; a multiple of the lanes.</summary>
    internal required nint Length { get; init; }
}
