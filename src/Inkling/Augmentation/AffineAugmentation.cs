using Inkling.Engine;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// Small random movements of an image, drawn uniformly from symmetric ranges. Nothing is ever mirrored: a mirrored digit
/// is not a digit.
/// </summary>
/// <remarks>All ranges default to 0, which leaves images as they are.</remarks>
public sealed record AffineAugmentation
{
    /// <summary>Largest <see cref="RotationDegrees"/>.</summary>
    public const double MaxRotationDegrees = 180;

    /// <summary>Largest <see cref="Scale"/>.</summary>
    public const double MaxScale = 0.9;

    /// <summary>Largest <see cref="Shear"/>.</summary>
    public const double MaxShear = 1;

    /// <summary>Largest <see cref="ShiftPixels"/>.</summary>
    public const double MaxShiftPixels = 1000;

    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<AffineAugmentation> Json { get; } = new JsonShape<AffineAugmentation>(new())
        .Required("rotation_degrees", Number(0, MaxRotationDegrees), x => x.RotationDegrees, (x, v) => x with { RotationDegrees = v })
        .Required("scale", Number(0, MaxScale), x => x.Scale, (x, v) => x with { Scale = v })
        .Required("shear", Number(0, MaxShear), x => x.Shear, (x, v) => x with { Shear = v })
        .Required("shift_pixels", Number(0, MaxShiftPixels), x => x.ShiftPixels, (x, v) => x with { ShiftPixels = v });

    /// <summary>Rotation within ± this many degrees about the centre; 0 to 180.</summary>
    public double RotationDegrees { get; init => field = AugmentationRange.Checked(value, MaxRotationDegrees, nameof(RotationDegrees)); }

    /// <summary>Size within 1 ± this fraction; 0 to 0.9.</summary>
    public double Scale { get; init => field = AugmentationRange.Checked(value, MaxScale, nameof(Scale)); }

    /// <summary>Horizontal shear within ± this many pixels right per pixel down; 0 to 1.</summary>
    public double Shear { get; init => field = AugmentationRange.Checked(value, MaxShear, nameof(Shear)); }

    /// <summary>Shift within ± this many pixels of the original image, along each axis; 0 to 1,000.</summary>
    public double ShiftPixels { get; init => field = AugmentationRange.Checked(value, MaxShiftPixels, nameof(ShiftPixels)); }

    /// <summary>The movement of one image in one epoch: a pure function of the arguments.</summary>
    /// <param name="seed">The recipe's seed.</param>
    /// <param name="epoch">Which pass over the data.</param>
    /// <param name="sample">Index of the image in the training set, not its place in a batch.</param>
    /// <remarks>Draws 0 to 4 of the stream, in the order rotation, scale, shear, shift right, shift down.</remarks>
    public AffineMap Draw(ulong seed, uint epoch, uint sample)
    {
        RandomStream random = new(seed, RandomPurpose.Augmentation, epoch, sample);
        return AffineMap.FromMovement(
            rotationDegrees: random.Uniform(0, -RotationDegrees, RotationDegrees),
            scale: random.Uniform(1, 1 - Scale, 1 + Scale),
            shear: random.Uniform(2, -Shear, Shear),
            shiftX: random.Uniform(3, -ShiftPixels, ShiftPixels),
            shiftY: random.Uniform(4, -ShiftPixels, ShiftPixels));
    }
}
