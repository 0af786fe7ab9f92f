using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Inkling.Preprocessing;

namespace Inkling.Augmentation;

/// <summary>One channel of packed quads, ready to be read at eight positions at once.</summary>
internal readonly unsafe struct QuadPlane
{
    private readonly int* _quads;
    private readonly Vector256<float> _lastX;
    private readonly Vector256<float> _lastY;
    private readonly Vector256<int> _stride;
    private readonly Vector256<float> _gain;
    private readonly Vector256<float> _offset;

    public QuadPlane(int* quads, int height, int width, in PixelNormalization normalization)
    {
        _quads = quads;
        _lastX = Vector256.Create((float)(width + 1));
        _lastY = Vector256.Create((float)(height + 1));
        _stride = Vector256.Create(width + 2);
        _gain = Vector256.Create(normalization.Gain);
        _offset = Vector256.Create(normalization.Offset);
    }

    /// <summary>
    /// Four neighbours in one word, so that a target pixel costs one load: quad [y + 1, x + 1] holds the pixels
    /// (y, x), (y, x + 1), (y + 1, x), (y + 1, x + 1) from the low byte up, zeros outside the image.
    /// </summary>
    /// <param name="plane">[height, width].</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="quads">[height + 2, width + 2], for x and y from −1 to width and height.</param>
    public static void Pack(ReadOnlySpan<byte> plane, int height, int width, Span<uint> quads)
    {
        int stride = width + 2;
        Span<uint> above = quads[..stride];
        above.Clear();
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = plane.Slice(y * width, width);
            Span<uint> below = quads.Slice((y + 1) * stride, stride);

            // A row is the lower half of the quads above it and the upper half of its own.
            uint left = 0;
            for (int x = 0; x < row.Length; x++)
            {
                uint pair = left | ((uint)row[x] << 8);
                above[x] |= pair << 16;
                below[x] = pair;
                left = row[x];
            }

            above[width] |= left << 16;
            below[width] = left;
            below[width + 1] = 0;
            above = below;
        }

        quads.Slice((height + 1) * stride, stride).Clear();
    }

    /// <summary>Normalised pixels at eight positions, counted in quads from the plane's corner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Read(Vector256<float> x, Vector256<float> y)
    {
        // Everything further out than one pixel is zero, as the outermost quads are: clamping changes nothing.
        x = Vector256.Min(Vector256.Max(x, Vector256<float>.Zero), _lastX);
        y = Vector256.Min(Vector256.Max(y, Vector256<float>.Zero), _lastY);

        // Positions aren't negative, so cutting off the fraction is the floor. (NaN gives 0: still inside.)
        Vector256<int> left = Vector256.ConvertToInt32(x);
        Vector256<int> top = Vector256.ConvertToInt32(y);
        Vector256<float> right = x - Vector256.ConvertToSingle(left);
        Vector256<float> down = y - Vector256.ConvertToSingle(top);

        Vector256<int> quad = Gather(top * _stride + left);
        Vector256<int> lowByte = Vector256.Create(0xFF);
        Vector256<float> topLeft = Vector256.ConvertToSingle(quad & lowByte);
        Vector256<float> topRight = Vector256.ConvertToSingle((quad >>> 8) & lowByte);
        Vector256<float> bottomLeft = Vector256.ConvertToSingle((quad >>> 16) & lowByte);
        Vector256<float> bottomRight = Vector256.ConvertToSingle(quad >>> 24);

        Vector256<float> upper = Vector256.FusedMultiplyAdd(right, topRight - topLeft, topLeft);
        Vector256<float> lower = Vector256.FusedMultiplyAdd(right, bottomRight - bottomLeft, bottomLeft);
        Vector256<float> pixel = Vector256.FusedMultiplyAdd(down, lower - upper, upper);
        return Vector256.FusedMultiplyAdd(pixel, _gain, _offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Gather(Vector256<int> index) =>
        Avx2.IsSupported
            ? Avx2.GatherVector256(_quads, index, sizeof(int))
            : Vector256.Create(
                _quads[index.GetElement(0)], _quads[index.GetElement(1)],
                _quads[index.GetElement(2)], _quads[index.GetElement(3)],
                _quads[index.GetElement(4)], _quads[index.GetElement(5)],
                _quads[index.GetElement(6)], _quads[index.GetElement(7)]);
}
