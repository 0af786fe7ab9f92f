using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// A Gaussian blur: weights exp(−k²/2σ²) over |k| ≤ ⌈3σ⌉, along rows and then along columns; σ uniform from 0 to the recipe's.
/// Beyond an edge its pixel repeats.
/// </summary>
/// <remarks>
/// In integers: weights in parts of 2¹⁴ that sum to 2¹⁴ exactly, so that an even area stays as it is; rows are rounded to 1/256
/// of a level, columns to whole levels.
/// </remarks>
public sealed record Blur
{
    /// <summary>Largest <see cref="DeviationPixels"/>.</summary>
    public const double MaxDeviationPixels = 4;

    private const int WeightBits = 14;
    private const int One = 1 << WeightBits;

    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<Blur> Json { get; } = new JsonShape<Blur>(new() { DeviationPixels = 0 })
        .Required("deviation_pixels", Number(0, MaxDeviationPixels), x => x.DeviationPixels, (x, v) => x with { DeviationPixels = v });

    /// <summary>Largest σ, in pixels of the original; 0 to 4.</summary>
    public required double DeviationPixels
    {
        get;
        init => field = AugmentationRange.Checked(value, MaxDeviationPixels, nameof(DeviationPixels));
    }

    /// <summary>Changes one image in place; draw 0 of the stream is σ.</summary>
    /// <param name="image">[channels, height, width].</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="random">The image's stream.</param>
    internal void Apply(Span<byte> image, int height, int width, RandomStream random) =>
        Apply(image, height, width, random.Uniform(0, 0, DeviationPixels));

    /// <summary>Blurs with a known σ.</summary>
    internal static void Apply(Span<byte> image, int height, int width, double deviation)
    {
        Span<int> weights = stackalloc int[2 * (int)Math.Ceiling(3 * MaxDeviationPixels) + 1];
        weights = weights[..(2 * (int)Math.Ceiling(3 * deviation) + 1)];
        Weigh(weights, deviation);

        int length = height * width;
        using Rented<int> rows = new(length);
        for (int start = 0; weights.Length > 1 && start < image.Length; start += length)
        {
            BlurPlane(image.Slice(start, length), height, width, weights, rows.Span);
        }
    }

    private static void Weigh(Span<int> weights, double deviation)
    {
        int radius = weights.Length / 2;
        double sum = 0;
        for (int k = -radius; k <= radius; k++)
        {
            sum += Gaussian(k, deviation);
        }

        int rest = One;
        for (int k = 1; k <= radius; k++)
        {
            int weight = (int)Math.Round(One * Gaussian(k, deviation) / sum);
            weights[radius + k] = weight;
            weights[radius - k] = weight;
            rest -= 2 * weight;
        }

        weights[radius] = rest;
    }

    private static double Gaussian(int k, double deviation) =>
        k == 0 ? 1 : DeterministicMath.Exp(-(k * k) / (2 * deviation * deviation));

    private static void BlurPlane(Span<byte> plane, int height, int width, ReadOnlySpan<int> weights, Span<int> rows)
    {
        int radius = weights.Length / 2;
        const int RowShift = WeightBits - 8;
        const int ColumnShift = WeightBits + 8;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int sum = 1 << (RowShift - 1);
                for (int k = 0; k < weights.Length; k++)
                {
                    sum += weights[k] * plane[y * width + Math.Clamp(x + k - radius, 0, width - 1)];
                }

                rows[y * width + x] = sum >> RowShift;
            }
        }

        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                long sum = 1 << (ColumnShift - 1);
                for (int k = 0; k < weights.Length; k++)
                {
                    sum += (long)weights[k] * rows[Math.Clamp(y + k - radius, 0, height - 1) * width + x];
                }

                plane[y * width + x] = (byte)(sum >> ColumnShift);
            }
        }
    }
}
