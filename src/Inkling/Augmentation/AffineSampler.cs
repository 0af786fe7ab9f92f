using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Inkling.Imaging;
using Inkling.Preprocessing;

namespace Inkling.Augmentation;

/// <summary>
/// Reads an image through an <see cref="AffineMap"/>, and a <see cref="Warp"/> if there is one, straight onto the network's
/// input grid: however many movements are composed, pixels are sampled once.
/// </summary>
/// <remarks>
/// Bilinear between the four nearest pixels of the original, half-pixel centres, zeros outside. No antialiasing: the
/// grid should be at least as fine as the original. An image with a black border that doesn't move comes out as
/// <see cref="BilinearResize"/> gives it, within that one's rounding to 8 bits.
/// Numerics: a row's start is computed in double and rounded; everything after is single precision with explicit fused
/// multiply-adds, each pixel on its own, from its index. No sums cross lanes, so vector width can't show.
/// </remarks>
public static class AffineSampler
{
    private const int Lanes = 8;
    private const int StackQuads = 8192;

    /// <summary>Samples and normalises one image, without a warp.</summary>
    /// <param name="image">[channels, height, width] bytes.</param>
    /// <param name="channels">Planes of the image.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="map">Where every target position looks.</param>
    /// <param name="normalization">[channels].</param>
    /// <param name="layout">The target grid and its place in <paramref name="destination"/>.</param>
    /// <param name="destination">Starts at the first pixel of the first channel; only the grid's pixels are written.</param>
    /// <exception cref="ArgumentException">A length does not fit its shape.</exception>
    public static void Sample(
        ReadOnlySpan<byte> image, int channels, int height, int width,
        in AffineMap map, ReadOnlySpan<PixelNormalization> normalization, in PlaneLayout layout, Span<float> destination) =>
        Sample(image, channels, height, width, map, default, normalization, layout, destination);

    /// <summary>Samples and normalises one image.</summary>
    /// <param name="image">[channels, height, width] bytes.</param>
    /// <param name="channels">Planes of the image.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="map">Where every target position looks.</param>
    /// <param name="warp">What an affine map can't say; the default is none.</param>
    /// <param name="normalization">[channels].</param>
    /// <param name="layout">The target grid and its place in <paramref name="destination"/>.</param>
    /// <param name="destination">Starts at the first pixel of the first channel; only the grid's pixels are written.</param>
    /// <remarks>Allocates nothing for images up to 88×88; larger ones borrow scratch from the pool.</remarks>
    /// <exception cref="ArgumentException">A length does not fit its shape.</exception>
    public static unsafe void Sample(
        ReadOnlySpan<byte> image, int channels, int height, int width,
        in AffineMap map, in Warp warp, ReadOnlySpan<PixelNormalization> normalization, in PlaneLayout layout, Span<float> destination)
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
                QuadPlane.Pack(image.Slice(channel * height * width, height * width), height, width, quads);
                QuadPlane plane = new((int*)pinned, height, width, normalization[channel]);
                Span<float> target = destination[(channel * layout.PlaneStride)..];
                if (warp.IsNone)
                {
                    SamplePlane(plane, height, width, map, layout, target);
                }
                else
                {
                    SampleWarpedPlane(plane, height, width, map, warp, layout, target);
                }
            }
        }

        if (borrowed is not null)
        {
            ArrayPool<uint>.Shared.Return(borrowed);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SamplePlane(
        in QuadPlane plane, int height, int width, in AffineMap map, in PlaneLayout layout, Span<float> destination)
    {
        // Target column x stands at (x + ½)·stepX − width/2 from the centre. Quads begin one pixel before the image,
        // and pixel centres lie at ½: together + width/2 + ½.
        double stepX = (double)width / layout.Width;
        double stepY = (double)height / layout.Height;
        double firstX = 0.5 * stepX - width * 0.5;
        float sourceXStep = (float)(map.XX * stepX);
        float sourceYStep = (float)(map.YX * stepX);

        for (int y = 0; y < layout.Height; y++)
        {
            double v = (y + 0.5) * stepY - height * 0.5;
            float sourceX = (float)(map.XX * firstX + map.XY * v + map.X0 + width * 0.5 + 0.5);
            float sourceY = (float)(map.YX * firstX + map.YY * v + map.Y0 + height * 0.5 + 0.5);
            Span<float> row = destination.Slice(y * layout.RowStride, layout.Width);
            SampleRow(plane, sourceX, sourceXStep, sourceY, sourceYStep, row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SampleWarpedPlane(
        in QuadPlane plane, int height, int width, in AffineMap map, in Warp warp, in PlaneLayout layout, Span<float> destination)
    {
        int length = (layout.Width + Lanes - 1) / Lanes * Lanes;
        Span<float> x = stackalloc float[length];
        Span<float> y = stackalloc float[length];
        Span<float> pixels = stackalloc float[length];
        for (int row = 0; row < layout.Height; row++)
        {
            warp.Positions(map, row, height, width, layout, x, y);
            for (int column = 0; column < length; column += Lanes)
            {
                plane.Read(Vector256.Create(x[column..]), Vector256.Create(y[column..])).CopyTo(pixels[column..]);
            }

            pixels[..layout.Width].CopyTo(destination[(row * layout.RowStride)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
}
