using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// A rectangle of another training image is pasted over this one, with sides √(1 − λ) of the image's, λ from Beta(α, α), its
/// centre uniform; labels are shared by area.
/// </summary>
/// <remarks>Source: Yun et al. 2019, arXiv:1905.04899.</remarks>
public sealed record Cutmix
{
    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<Cutmix> Json { get; } = new JsonShape<Cutmix>(new() { Alpha = BetaDistribution.MinAlpha, Probability = 0 })
        .Required("alpha", Number(BetaDistribution.MinAlpha, BetaDistribution.MaxAlpha), x => x.Alpha, (x, v) => x with { Alpha = v })
        .Required("probability", Number(0, 1), x => x.Probability, (x, v) => x with { Probability = v });

    /// <summary>α of the Beta distribution, 0.05 to 1.</summary>
    public required double Alpha { get; init => field = BetaDistribution.CheckedAlpha(value, nameof(Alpha)); }

    /// <summary>Share of the images it happens to; 0 to 1.</summary>
    public required double Probability { get; init => field = AugmentationRange.Checked(value, 1, nameof(Probability)); }

    /// <summary>Draw 0 of the stream says whether, 1 with which image, 2 and 3 where (right, down), the rest how much.</summary>
    /// <returns>Null if the image stays alone.</returns>
    internal Mixture? Draw(RandomStream random, ReadOnlySpan<int> partners)
    {
        if (random.Uniform(0) >= Probability)
        {
            return null;
        }

        double side = Math.Sqrt(1 - BetaDistribution.Draw(random, 4, Alpha));
        ImageBox box = ImageBox.Around(random.Uniform(2), random.Uniform(3), side, side);
        return new Mixture(partners[random.Integer(1, partners.Length)], 1 - box.Area, box);
    }
}
