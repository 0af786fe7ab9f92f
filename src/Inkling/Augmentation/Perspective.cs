using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// The image as if it were tilted: source = map(u, v) / (1 + a·u/(W/2) + b·v/(H/2)), a and b uniform within ± the tilt.
/// </summary>
public sealed record Perspective
{
    /// <summary>Largest <see cref="Tilt"/>; below one half nothing comes from behind the eye.</summary>
    public const double MaxTilt = 0.45;

    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<Perspective> Json { get; } = new JsonShape<Perspective>(new() { Tilt = 0 })
        .Required("tilt", Number(0, MaxTilt), x => x.Tilt, (x, v) => x with { Tilt = v });

    /// <summary>What the distance of an edge may grow or shrink by, as a fraction; 0 to 0.45.</summary>
    public required double Tilt { get; init => field = AugmentationRange.Checked(value, MaxTilt, nameof(Tilt)); }

    /// <summary>Draws 0 (towards the right edge) and 1 (towards the lower edge) of the stream.</summary>
    internal (double X, double Y) Draw(RandomStream random) =>
        (random.Uniform(0, -Tilt, Tilt), random.Uniform(1, -Tilt, Tilt));
}
