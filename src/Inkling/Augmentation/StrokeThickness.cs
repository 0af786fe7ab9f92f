using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// Thicker or thinner strokes: v + |s|·(m − v), m the maximum (s above 0: dilation) or minimum (erosion) of the pixel and its
/// four neighbours, s uniform within ± the strength.
/// </summary>
/// <remarks>For bright strokes on a dark ground, as MNIST's. Outside the image is black. In integers: |s| in steps of 1/256.</remarks>
public sealed record StrokeThickness
{
    /// <summary>Largest <see cref="Strength"/>: strokes grow or shrink by a whole pixel on every side.</summary>
    public const double MaxStrength = 1;

    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<StrokeThickness> Json { get; } = new JsonShape<StrokeThickness>(new() { Strength = 0 })
        .Required("strength", Number(0, MaxStrength), x => x.Strength, (x, v) => x with { Strength = v });

    /// <summary>Part of a pixel that strokes may gain or lose on every side; 0 to 1.</summary>
    public required double Strength { get; init => field = AugmentationRange.Checked(value, MaxStrength, nameof(Strength)); }

    /// <summary>Changes one image in place; draw 0 of the stream is s.</summary>
    /// <param name="image">[channels, height, width].</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="random">The image's stream.</param>
    internal void Apply(Span<byte> image, int height, int width, RandomStream random)
    {
        // Towards 0, so that no strength exceeds 256.
        int strength = (int)(256 * random.Uniform(0, -Strength, Strength));
        int length = height * width;
        using Rented<byte> source = new(length);
        for (int start = 0; strength != 0 && start < image.Length; start += length)
        {
            image.Slice(start, length).CopyTo(source.Span);
            Apply(source.Span, image.Slice(start, length), height, width, strength);
        }
    }

    private static void Apply(ReadOnlySpan<byte> source, Span<byte> target, int height, int width, int strength)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int i = y * width + x;
                int left = x > 0 ? source[i - 1] : 0;
                int right = x < width - 1 ? source[i + 1] : 0;
                int above = y > 0 ? source[i - width] : 0;
                int below = y < height - 1 ? source[i + width] : 0;
                int extreme = strength > 0
                    ? Math.Max(source[i], Math.Max(Math.Max(left, right), Math.Max(above, below)))
                    : Math.Min(source[i], Math.Min(Math.Min(left, right), Math.Min(above, below)));
                target[i] = (byte)(source[i] + ((Math.Abs(strength) * (extreme - source[i]) + 128) >> 8));
            }
        }
    }
}
