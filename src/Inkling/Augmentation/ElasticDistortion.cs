using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// A smooth random displacement of every pixel: control points on a square lattice, each moved uniformly within ± some
/// pixels along each axis, joined by a cubic B-spline (<see cref="Warp"/>).
/// </summary>
/// <remarks>
/// The idea is Simard, Steinkraus and Platt's (ICDAR 2003), who smoothed a random field of one vector a pixel; a lattice is
/// the form of Ronneberger et al. 2015 (arXiv:1505.04597), and costs a few draws instead of one a pixel.
/// </remarks>
public sealed record ElasticDistortion
{
    /// <summary>Largest <see cref="Pixels"/>.</summary>
    public const double MaxPixels = 100;

    /// <summary>Least <see cref="SpacingPixels"/>.</summary>
    public const double MinSpacingPixels = 2;

    /// <summary>Largest <see cref="SpacingPixels"/>.</summary>
    public const double MaxSpacingPixels = 1000;

    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<ElasticDistortion> Json { get; } = new JsonShape<ElasticDistortion>(
        new() { Pixels = 0, SpacingPixels = MinSpacingPixels })
        .Required("pixels", Number(0, MaxPixels), x => x.Pixels, (x, v) => x with { Pixels = v })
        .Required(
            "spacing_pixels",
            Number(MinSpacingPixels, MaxSpacingPixels),
            x => x.SpacingPixels,
            (x, v) => x with { SpacingPixels = v });

    /// <summary>Movement of a control point, within ± this many pixels of the original image; 0 to 100.</summary>
    public required double Pixels { get; init => field = AugmentationRange.Checked(value, MaxPixels, nameof(Pixels)); }

    /// <summary>Pixels between control points; 2 to 1,000. Strokes bend over this length.</summary>
    public required double SpacingPixels
    {
        get;
        init => field = AugmentationRange.Checked(value, MinSpacingPixels, MaxSpacingPixels, nameof(SpacingPixels));
    }

    /// <summary>Floats of a lattice for an image of this size.</summary>
    internal int LatticeFloats(int height, int width) =>
        2 * Warp.LatticeLength(height, SpacingPixels) * Warp.LatticeLength(width, SpacingPixels);

    /// <summary>Fills the lattice [rows, columns, 2]: draw i of the stream for float i.</summary>
    internal void Draw(RandomStream random, Span<float> lattice)
    {
        for (int i = 0; i < lattice.Length; i++)
        {
            lattice[i] = (float)random.Uniform((uint)i, -Pixels, Pixels);
        }
    }
}
