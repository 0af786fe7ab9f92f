using Inkling.Engine;
using Inkling.Preprocessing;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// Another exposure: c·v + 255·b, c uniform in 1 ± the contrast, b uniform in ± the brightness. Not clipped.
/// </summary>
/// <remarks>Folded into the normalisation (<see cref="PixelNormalization.After"/>): costs nothing a pixel.</remarks>
public sealed record Tone
{
    /// <summary>Largest <see cref="Contrast"/>.</summary>
    public const double MaxContrast = 0.9;

    /// <summary>Largest <see cref="Brightness"/>.</summary>
    public const double MaxBrightness = 1;

    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<Tone> Json { get; } = new JsonShape<Tone>(new())
        .Required("contrast", Number(0, MaxContrast), x => x.Contrast, (x, v) => x with { Contrast = v })
        .Required("brightness", Number(0, MaxBrightness), x => x.Brightness, (x, v) => x with { Brightness = v });

    /// <summary>Factor within 1 ± this; 0 to 0.9.</summary>
    public double Contrast { get; init => field = AugmentationRange.Checked(value, MaxContrast, nameof(Contrast)); }

    /// <summary>Added within ± this part of the whole range; 0 to 1.</summary>
    public double Brightness { get; init => field = AugmentationRange.Checked(value, MaxBrightness, nameof(Brightness)); }

    /// <summary>Draws 0 (contrast) and 1 (brightness) of the stream, ahead of every channel's normalisation.</summary>
    internal void Apply(Span<PixelNormalization> normalization, RandomStream random)
    {
        double contrast = random.Uniform(0, 1 - Contrast, 1 + Contrast);
        double brightness = random.Uniform(1, -255 * Brightness, 255 * Brightness);
        foreach (ref PixelNormalization channel in normalization)
        {
            channel = channel.After(contrast, brightness);
        }
    }
}
