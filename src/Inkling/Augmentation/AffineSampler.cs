using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Inkling.Augmentation;

/// <summary>Reads an image through an <see cref="AffineMap"/> straight onto the network's input grid.</summary>
/// <remarks>
/// Bilinear between the four nearest pixels of the original, half-pixel centres, zeros outside. No antialiasing: the
/// grid should be at least as fine as the original. An image with a black border that doesn't move comes out as
/// <see cref="Inkling.Data.Imaging.BilinearResize"/> gives it, within that one's rounding to 8 bits.
/// Numerics: a row's start is computed in double and rounded; everything after is single precision with explicit fused
/// multiply-adds, each pixel on its own, from its index. No sums cross lanes, so vector width can't show.
/// </remarks>
public static class AffineSampler
{
    private const int Lanes = 8;
    private const int StackQuads = 8192;

    /// <summary>Samples and normalises one image.</summary>
    /// <param name="image">[channels, height, width] bytes.</param>
    /// <param name="channels">Planes of the image.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="map">Where every target position looks.</param>
    /// <param name="normalization">[channels].</param>
    /// <param name="layout">The target grid and its place in <paramref name="destination"/>.</param>
    /// <param name="destination">Starts at the first pixel of the first channel; only the grid's pixels are written.</param>
    /// <remarks>Allocates nothing for images up to 88×88; larger ones borrow scratch from the pool.</remarks>
    /// <exception cref="ArgumentException">A length does not fit its shape.</exception>
    public static unsafe void Sample(
        ReadOnlySpan<byte> image, int channels, int height, int width,
        in AffineMap map, ReadOnlySpan<PixelNormalization> normalization, in PlaneLayout layout, Span<float> destination)
    {
        layout.ThrowIfTooSmall(channels, destination.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (image.Length != channels * height * width || normalization.Length != channels)
        {
            throw new ArgumentException(
                $"augment: image has {image.Length} bytes and {normalization.Length} normalisations, "
                + $"[{channels}, {height}, {width}] expects {channels * height * width} and {channels}.");
        }

        int quadCount = (height + 2) * (width + 2);
        uint[]? borrowed = quadCount > StackQuads ? ArrayPool<uint>.Shared.Rent(quadCount) : null;
        Span<uint> quads = borrowed is null ? stackalloc uint[quadCount] : borrowed.AsSpan(0, quadCount);
        fixed (uint* pinned = quads)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                PackQuads(image.Slice(channel * height * width, height * width), height, width, quads);
                QuadPlane plane = new((int*)pinned, height, width, normalization[channel]);
                SamplePlane(plane, height, width, map, layout, destination[(channel * layout.PlaneStride)..]);
            }
        }

        if (borrowed is not null)
        {
            ArrayPool<uint>.Shared.Return(borrowed);
        }
    }

    /// <summary>
    /// Four neighbours in one word, so that a target pixel costs one load: quad [y + 1, x + 1] holds the pixels
    /// (y, x), (y, x + 1), (y + 1, x), (y + 1, x + 1) from the low byte up, zeros outside the image.
    /// </summary>
    /// <param name="plane">[height, width].</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="quads">[height + 2, width + 2], for x and y from −1 to width and height.</param>
    private static void PackQuads(ReadOnlySpan<byte> plane, int height, int width, Span<uint> quads)
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

    private static void SamplePlane(
        in QuadPlane plane, int height, int width, in AffineMap map, in PlaneLayout layout, Span<float> destination)
    {
        // Target column x stands at (x + ½)·stepX − width/2 from the centre. Quads begin one pixel before the image,
        // and pixel centres lie at ½: together + width/2 + ½.
        double stepX = (double)width / layout.Width;
        double stepY = (double)height / layout.Height;
        double firstX = (0.5 * stepX) - (width * 0.5);
        float sourceXStep = (float)(map.XX * stepX);
        float sourceYStep = (float)(map.YX * stepX);

        for (int y = 0; y < layout.Height; y++)
        {
            double v = ((y + 0.5) * stepY) - (height * 0.5);
            float sourceX = (float)((map.XX * firstX) + (map.XY * v) + map.X0 + (width * 0.5) + 0.5);
            float sourceY = (float)((map.YX * firstX) + (map.YY * v) + map.Y0 + (height * 0.5) + 0.5);
            Span<float> row = destination.Slice(y * layout.RowStride, layout.Width);
            SampleRow(plane, sourceX, sourceXStep, sourceY, sourceYStep, row);
        }
    }

    private static void SampleRow(
        QuadPlane plane, float sourceX, float sourceXStep, float sourceY, float sourceYStep, Span<float> row)
    {
        ref float start = ref MemoryMarshal.GetReference(row);
        Vector256<float> stepX = Vector256.Create(sourceXStep);
        Vector256<float> stepY = Vector256.Create(sourceYStep);
        Vector256<float> firstX = Vector256.Create(sourceX);
        Vector256<float> firstY = Vector256.Create(sourceY);
        Vector256<float> column = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);

        int x = 0;
        for (; x <= row.Length - Lanes; x += Lanes)
        {
            plane.Read(
                Vector256.FusedMultiplyAdd(column, stepX, firstX),
                Vector256.FusedMultiplyAdd(column, stepY, firstY)).StoreUnsafe(ref start, (nuint)x);
            column += Vector256.Create((float)Lanes); // small integers: exact
        }

        if (x < row.Length)
        {
            // The tail computes eight pixels like any other and keeps those that exist.
            Span<float> tail = stackalloc float[Lanes];
            plane.Read(
                Vector256.FusedMultiplyAdd(column, stepX, firstX),
                Vector256.FusedMultiplyAdd(column, stepY, firstY)).CopyTo(tail);
            tail[..(row.Length - x)].CopyTo(row[x..]);
        }
    }

    /// <summary>One channel of packed quads, ready to be read at eight positions at once.</summary>
    private readonly unsafe struct QuadPlane
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

            Vector256<int> quad = Gather((top * _stride) + left);
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
}
