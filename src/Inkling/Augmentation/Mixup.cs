using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// Two images and their labels in one: λ·x + (1 − λ)·x′, λ from Beta(α, α), x′ any training image.
/// </summary>
/// <remarks>Source: Zhang et al. 2017, arXiv:1710.09412.</remarks>
public sealed record Mixup
{
    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<Mixup> Json { get; } = new JsonShape<Mixup>(new() { Alpha = BetaDistribution.MinAlpha, Probability = 0 })
        .Required("alpha", Number(BetaDistribution.MinAlpha, BetaDistribution.MaxAlpha), x => x.Alpha, (x, v) => x with { Alpha = v })
        .Required("probability", Number(0, 1), x => x.Probability, (x, v) => x with { Probability = v });

    /// <summary>α of the Beta distribution, 0.05 to 1; small values leave most images nearly alone.</summary>
    public required double Alpha { get; init => field = BetaDistribution.CheckedAlpha(value, nameof(Alpha)); }

    /// <summary>Share of the images it happens to; 0 to 1.</summary>
    public required double Probability { get; init => field = AugmentationRange.Checked(value, 1, nameof(Probability)); }

    /// <summary>Draw 0 of the stream says whether, draw 1 with which image, the rest how much of each.</summary>
    /// <returns>Null if the image stays alone.</returns>
    internal Mixture? Draw(RandomStream random, ReadOnlySpan<int> partners) => random.Uniform(0) < Probability
        ? new Mixture(partners[random.Integer(1, partners.Length)], BetaDistribution.Draw(random, 2, Alpha), null)
        : null;
}
