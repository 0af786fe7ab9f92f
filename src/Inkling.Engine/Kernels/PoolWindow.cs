namespace Inkling.Engine;

/// <summary>A pooling window.</summary>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Stride">In pixels, along both axes.</param>
/// <param name="Padding">In pixels, on every side.</param>
internal readonly record struct PoolWindow(int Height, int Width, int Stride, int Padding)
{
    /// <summary>The rows of a window that lie on the map, end exclusive.</summary>
    internal (int Start, int End) ClipRows(int outputRow, int height) => Clip(outputRow, Height, height);

    /// <summary>The columns of a window that lie on the map, end exclusive.</summary>
    internal (int Start, int End) ClipColumns(int outputColumn, int width) => Clip(outputColumn, Width, width);

    /// <summary>Number of a pixel within the window of an output, in row order.</summary>
    internal int Place(int outputRow, int outputColumn, int row, int column) =>
        (row - outputRow * Stride + Padding) * Width + column - outputColumn * Stride + Padding;

    private (int Start, int End) Clip(int output, int window, int size)
    {
        int start = output * Stride - Padding;
        return (Math.Max(start, 0), Math.Min(start + window, size));
    }
}
