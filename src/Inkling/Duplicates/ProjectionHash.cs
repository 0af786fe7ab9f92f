using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Inkling.Engine;
using Inkling.Imaging;

namespace Inkling.Duplicates;

/// <summary>Hashes of images of which similar ones agree in most bits.</summary>
/// <remarks>
/// Bit b is 1 where Σ sign(b, i)·x(i), divided by the image's contrast, is above the median of all images. x is the image
/// reduced to 16×16 in one channel; half of the signs of each bit are negative, so that brightness has no effect.
/// Source: M. Charikar, "Similarity estimation techniques from rounding algorithms", 2002.
/// </remarks>
internal sealed class ProjectionHash
{
    /// <summary>Independent chances of a pair to meet.</summary>
    public const int Bands = 16;

    private const int BitsPerBand = 20;
    private const int Side = 16;
    private const int Length = Side * Side;
    private const int Bits = Bands * BitsPerBand;

    // Any constant: the hash only finds candidates.
    private const ulong Seed = 0x68617368;

    private readonly uint[][] _keys;

    private ProjectionHash(uint[][] keys) => _keys = keys;

    /// <summary>A band's bits for each candidate.</summary>
    public uint[] Keys(int band) => _keys[band];

    /// <summary>Hashes the images at <paramref name="indices"/>.</summary>
    public static ProjectionHash Of(Thumbnails images, StandardImages standard, int[] indices)
    {
        byte[] reduced = Reduce(images, indices);
        short[] signs = Signs();
        var keys = new uint[Bands][];
        float[] values = new float[indices.Length];
        for (int band = 0; band < Bands; band++)
        {
            keys[band] = new uint[indices.Length];
            for (int bit = 0; bit < BitsPerBand; bit++)
            {
                short[] sign = signs.AsSpan((band * BitsPerBand + bit) * Length, Length).ToArray();
                Parallel.For(0, indices.Length, i => values[i] =
                    (float)(Project(reduced.AsSpan(i * Length, Length), sign) / standard.Spread(indices[i])));
                SetBits(keys[band], values, bit);
            }
        }

        return new ProjectionHash(keys);
    }

    private static void SetBits(uint[] keys, float[] values, int bit)
    {
        if (values.Length == 0)
        {
            return;
        }

        // The median of a sample does: it only balances the bits.
        int stride = Math.Max(1, values.Length / 4096);
        float[] sample = [.. Enumerable.Range(0, values.Length / stride).Select(i => values[i * stride]).Order()];
        float median = sample[sample.Length / 2];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] |= (values[i] > median ? 1u : 0u) << bit;
        }
    }

    /// <summary>Σ sign·x. A lane adds 16 products of at most 255: 16 bits hold it.</summary>
    private static int Project(ReadOnlySpan<byte> x, ReadOnlySpan<short> signs)
    {
        Vector256<short> sum = Vector256<short>.Zero;
        for (int i = 0; i < Length; i += Vector256<short>.Count)
        {
            Vector128<byte> pixels = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i);
            sum += Vector256.WidenLower(pixels.ToVector256Unsafe()).AsInt16()
                * Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(signs), (nuint)i);
        }

        (Vector256<int> low, Vector256<int> high) = Vector256.Widen(sum);
        return Vector256.Sum(low + high);
    }

    /// <summary>[N, 16, 16], the channels' mean.</summary>
    private static byte[] Reduce(Thumbnails images, int[] indices)
    {
        var resize = new BilinearResize(images.Shape.Height, images.Shape.Width, Side, Side);
        int plane = images.Shape.Height * images.Shape.Width;
        byte[] reduced = new byte[indices.Length * Length];
        Parallel.For(0, indices.Length, i =>
        {
            Span<byte> small = stackalloc byte[Length];
            Span<int> sum = stackalloc int[Length];
            for (int channel = 0; channel < images.Shape.Channels; channel++)
            {
                resize.Resize(images[indices[i]].Slice(channel * plane, plane), 1, small);
                for (int pixel = 0; pixel < Length; pixel++)
                {
                    sum[pixel] += small[pixel];
                }
            }

            for (int pixel = 0; pixel < Length; pixel++)
            {
                reduced[i * Length + pixel] = (byte)(sum[pixel] / images.Shape.Channels);
            }
        });
        return reduced;
    }

    private static short[] Signs()
    {
        short[] signs = new short[Bits * Length];
        for (int bit = 0; bit < Bits; bit++)
        {
            int[] order = new RandomStream(Seed, RandomPurpose.Split, Sample: (uint)bit).Permutation(Length);
            for (int i = 0; i < Length; i++)
            {
                signs[bit * Length + order[i]] = (short)(i < Length / 2 ? 1 : -1);
            }
        }

        return signs;
    }
}
