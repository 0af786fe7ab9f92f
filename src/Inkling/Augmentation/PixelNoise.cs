using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// Noise of its own for every pixel: v + σ·z, clipped to 0 … 255, σ uniform from 0 to the recipe's and z nearly normal, the
/// sum of four random bytes brought to mean 0 and deviation 1 (|z| ≤ 3.45).
/// </summary>
/// <remarks>In integers: σ over the sum's deviation, √(4·(256² − 1)/12), in parts of 2¹⁶.</remarks>
public sealed record PixelNoise
{
    /// <summary>Largest <see cref="Deviation"/>.</summary>
    public const double MaxDeviation = 128;

    private const int FourMeans = 510;
    private const double FourDeviations = 147.80054127099805;

    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<PixelNoise> Json { get; } = new JsonShape<PixelNoise>(new() { Deviation = 0 })
        .Required("deviation", Number(0, MaxDeviation), x => x.Deviation, (x, v) => x with { Deviation = v });

    /// <summary>Largest σ, on the scale 0 to 255; 0 to 128.</summary>
    public required double Deviation { get; init => field = AugmentationRange.Checked(value, MaxDeviation, nameof(Deviation)); }

    /// <summary>Changes one image in place: draw 0 of the stream is σ, draw 4 + i the noise of value i.</summary>
    internal void Apply(Span<byte> image, RandomStream random)
    {
        int factor = (int)Math.Round(random.Uniform(0, 0, Deviation) / FourDeviations * 65536);
        for (int i = 0; i < image.Length; i += 4)
        {
            PhiloxBlock block = random.Block(1 + (uint)i / 4);
            ReadOnlySpan<uint> words = [block.X0, block.X1, block.X2, block.X3];
            for (int j = i; j < Math.Min(i + 4, image.Length); j++)
            {
                uint word = words[j - i];
                int sum = (int)((word & 0xFF) + ((word >> 8) & 0xFF) + ((word >> 16) & 0xFF) + (word >> 24)) - FourMeans;
                image[j] = (byte)Math.Clamp(image[j] + ((factor * sum + 32768) >> 16), 0, 255);
            }
        }
    }
}
