using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inkling.Imaging;

/// <summary>
/// Bilinear resizing of 8-bit images, bit for bit that of Pillow's <c>Image.resize(…, BILINEAR)</c>: antialiased when
/// shrinking, rows resampled first, both passes rounded to 8 bits.
/// </summary>
/// <remarks>
/// An output pixel is Σ weight·pixel over the triangle of half-width max(1, source / target) around its centre (half-pixel
/// centres), cut off at the image's edges and normalised there. Weights are integers in units of 2⁻²².
/// The sums are 32-bit integers, so neither order nor vector width can show. Immutable: one instance serves any number of
/// threads. Source: Pillow's resampling as published (libImaging, Resample.c); checked against Pillow 9.4.0's output.
/// </remarks>
public sealed class BilinearResize
{
    private const int StackBytes = 8192;

    private readonly TriangleFilter _columns;
    private readonly TriangleFilter _rows;

    /// <summary>Computes the weights for one pair of shapes.</summary>
    public BilinearResize(int sourceHeight, int sourceWidth, int height, int width)
    {
        _columns = new TriangleFilter(sourceWidth, width);
        _rows = new TriangleFilter(sourceHeight, height);
    }

    /// <summary>Resizes one image of interleaved channels; a planar image is resized plane by plane with 1 channel.</summary>
    /// <param name="source">[sourceHeight, sourceWidth, channels].</param>
    /// <param name="channels">Bytes a pixel.</param>
    /// <param name="destination">[height, width, channels]; overwritten; must not overlap <paramref name="source"/>.</param>
    /// <remarks>Allocates nothing while sourceHeight · width · channels ≤ 8,192; larger scratch is borrowed from the pool.</remarks>
    /// <exception cref="ArgumentException">A span's length is not that of its shape.</exception>
    public void Resize(ReadOnlySpan<byte> source, int channels, Span<byte> destination)
    {
        if (source.Length != _rows.SourceSize * _columns.SourceSize * channels
            || destination.Length != _rows.Size * _columns.Size * channels)
        {
            throw new ArgumentException(
                $"resize: {source.Length} bytes to {destination.Length} bytes, expected "
                + $"[{_rows.SourceSize}, {_columns.SourceSize}, {channels}] to [{_rows.Size}, {_columns.Size}, {channels}].");
        }

        int scratchLength = _rows.SourceSize * _columns.Size * channels;
        byte[]? borrowed = scratchLength > StackBytes ? ArrayPool<byte>.Shared.Rent(scratchLength) : null;
        Span<byte> scratch = borrowed is null ? stackalloc byte[StackBytes] : borrowed;
        scratch = scratch[..scratchLength];

        ResampleColumns(source, channels, scratch);
        ResampleRows(scratch, _columns.Size * channels, destination);

        if (borrowed is not null)
        {
            ArrayPool<byte>.Shared.Return(borrowed);
        }
    }

    /// <summary>[sourceHeight, sourceWidth, channels] to [sourceHeight, width, channels].</summary>
    private void ResampleColumns(ReadOnlySpan<byte> source, int channels, Span<byte> destination)
    {
        int sourceStride = _columns.SourceSize * channels;
        int stride = _columns.Size * channels;
        for (int y = 0; y < _rows.SourceSize; y++)
        {
            ReadOnlySpan<byte> sourceRow = source.Slice(y * sourceStride, sourceStride);
            Span<byte> row = destination.Slice(y * stride, stride);
            for (int x = 0; x < _columns.Size; x++)
            {
                ReadOnlySpan<int> weights = _columns.Weights(x);
                int first = _columns.First(x) * channels;
                for (int channel = 0; channel < channels; channel++)
                {
                    int sum = TriangleFilter.Half;
                    int from = first + channel;
                    foreach (int weight in weights)
                    {
                        sum += sourceRow[from] * weight;
                        from += channels;
                    }

                    row[x * channels + channel] = TriangleFilter.ToByte(sum);
                }
            }
        }
    }

    /// <summary>[sourceHeight, stride] to [height, stride]: an output row is a weighted sum of source rows.</summary>
    private void ResampleRows(ReadOnlySpan<byte> source, int stride, Span<byte> destination)
    {
        for (int y = 0; y < _rows.Size; y++)
        {
            ReadOnlySpan<int> weights = _rows.Weights(y);
            ReadOnlySpan<byte> window = source.Slice(_rows.First(y) * stride, weights.Length * stride);
            WeightedRowSum(window, weights, destination.Slice(y * stride, stride));
        }
    }

    private static void WeightedRowSum(ReadOnlySpan<byte> window, ReadOnlySpan<int> weights, Span<byte> row)
    {
        Debug.Assert(window.Length == weights.Length * row.Length);

        if (row.Length < Vector128<byte>.Count)
        {
            for (int x = 0; x < row.Length; x++)
            {
                int sum = TriangleFilter.Half;
                for (int tap = 0; tap < weights.Length; tap++)
                {
                    sum += window[tap * row.Length + x] * weights[tap];
                }

                row[x] = TriangleFilter.ToByte(sum);
            }

            return;
        }

        // The last sixteen columns may overlap those before them: they are computed twice, to the same bytes.
        int last = row.Length - Vector128<byte>.Count;
        for (int x = 0; x < last; x += Vector128<byte>.Count)
        {
            SixteenColumns(window, weights, x, row);
        }

        SixteenColumns(window, weights, last, row);
    }

    /// <summary>Sixteen bytes widen to two vectors of eight 32-bit sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SixteenColumns(ReadOnlySpan<byte> window, ReadOnlySpan<int> weights, int x, Span<byte> row)
    {
        ref byte start = ref MemoryMarshal.GetReference(window);
        Vector256<int> low = Vector256.Create(TriangleFilter.Half);
        Vector256<int> high = low;
        for (int tap = 0; tap < weights.Length; tap++)
        {
            Vector256<ushort> pixels = Vector256.WidenLower(
                Vector128.LoadUnsafe(ref start, (nuint)(tap * row.Length + x)).ToVector256Unsafe());
            (Vector256<uint> lowPixels, Vector256<uint> highPixels) = Vector256.Widen(pixels);
            Vector256<int> weight = Vector256.Create(weights[tap]);
            low += lowPixels.AsInt32() * weight;
            high += highPixels.AsInt32() * weight;
        }

        // Weights are positive and sum to 2²² within rounding: the saturating narrow is Pillow's clip.
        Vector256<ushort> words = Vector256.NarrowWithSaturation(
            (low >> TriangleFilter.PrecisionBits).AsUInt32(), (high >> TriangleFilter.PrecisionBits).AsUInt32());
        Vector128.NarrowWithSaturation(words.GetLower(), words.GetUpper())
            .StoreUnsafe(ref MemoryMarshal.GetReference(row), (nuint)x);
    }
}
