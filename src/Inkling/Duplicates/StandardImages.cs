using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inkling.Duplicates;

/// <summary>Images compared without regard to brightness and contrast: by the correlation of their pixels.</summary>
/// <remarks>r = (n Σxy − Σx Σy) / √((n Σx² − (Σx)²)(n Σy² − (Σy)²)); every sum is an exact integer.</remarks>
internal sealed class StandardImages
{
    private readonly Thumbnails _images;
    private readonly long[] _sums;
    private readonly double[] _spreads;

    public StandardImages(Thumbnails images)
    {
        _images = images;
        _sums = new long[images.Count];
        _spreads = new double[images.Count];
        Parallel.For(0, images.Count, i =>
        {
            ReadOnlySpan<byte> image = images[i];
            foreach (byte pixel in image)
            {
                _sums[i] += pixel;
            }

            _spreads[i] = Math.Sqrt(image.Length * DotProduct(image, image) - _sums[i] * _sums[i]);
        });
    }

    /// <summary>Whether all pixels are equal, so that nothing can be compared.</summary>
    public bool IsFlat(int index) => _spreads[index] == 0;

    /// <summary>n times the standard deviation.</summary>
    public double Spread(int index) => _spreads[index];

    public double Correlation(int first, int second)
    {
        long product = _images.Shape.Count * DotProduct(_images[first], _images[second]) - _sums[first] * _sums[second];
        return product / (_spreads[first] * _spreads[second]);
    }

    /// <summary>Σxy. Sixteen products at a time, each below 2¹⁶, go into sums of 32 bits, emptied before they could overflow.</summary>
    private static long DotProduct(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        const int Block = 16 * 4096;
        long total = 0;
        for (int start = 0; start < x.Length; start += Block)
        {
            int length = Math.Min(Block, x.Length - start);
            total += BlockDotProduct(x.Slice(start, length), y.Slice(start, length));
        }

        return total;
    }

    private static long BlockDotProduct(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        Vector256<uint> low = Vector256<uint>.Zero;
        Vector256<uint> high = Vector256<uint>.Zero;
        int i = 0;
        for (; i <= x.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector256<ushort> products = Widen(x, i) * Widen(y, i);
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(products);
            low += lower;
            high += upper;
        }

        long sum = 0;
        for (; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        for (int lane = 0; lane < Vector256<uint>.Count; lane++)
        {
            sum += (long)low[lane] + high[lane];
        }

        return sum;
    }

    private static Vector256<ushort> Widen(ReadOnlySpan<byte> pixels, int start) => Vector256.WidenLower(
        Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(pixels), (nuint)start).ToVector256Unsafe());
}
