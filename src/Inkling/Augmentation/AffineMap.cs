using Inkling.Engine;

namespace Inkling.Augmentation;

/// <summary>
/// Where an augmented image looks for its pixels: source = (XX·u + XY·v + X0, YX·u + YY·v + Y0) for the target position
/// (u, v). Positions are pixels of the original image, measured from its centre, x to the right and y down.
/// </summary>
/// <param name="XX">Source x per target x.</param>
/// <param name="XY">Source x per target y.</param>
/// <param name="X0">Source x of the target's centre, in pixels.</param>
/// <param name="YX">Source y per target x.</param>
/// <param name="YY">Source y per target y.</param>
/// <param name="Y0">Source y of the target's centre, in pixels.</param>
public readonly record struct AffineMap(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    /// <summary>Every pixel stays where it is.</summary>
    public static AffineMap Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>The map of the mirrored image: left and right of the target change places.</summary>
    public AffineMap Mirrored => this with { XX = -XX, YX = -YX };

    /// <summary>
    /// The map of an image that is scaled, then sheared (x += shear·y), then rotated clockwise, then shifted:
    /// the inverse of Shift · Rotation · Shear · Scale.
    /// </summary>
    /// <param name="rotationDegrees">Clockwise, as seen on the screen.</param>
    /// <param name="scale">Above 1 enlarges; must be positive.</param>
    /// <param name="shear">Pixels to the right for each pixel down.</param>
    /// <param name="shiftX">Pixels to the right.</param>
    /// <param name="shiftY">Pixels down.</param>
    public static AffineMap FromMovement(double rotationDegrees, double scale, double shear, double shiftX, double shiftY)
    {
        double radians = rotationDegrees * (Math.PI / 180);
        double cos = DeterministicMath.Cos(radians);
        double sin = DeterministicMath.Sin(radians);

        // Scale⁻¹ · Shear⁻¹ · Rotation⁻¹, row by row.
        double xx = (cos + shear * sin) / scale;
        double xy = (sin - shear * cos) / scale;
        double yx = -sin / scale;
        double yy = cos / scale;
        return new AffineMap(
            xx, xy, -(xx * shiftX + xy * shiftY),
            yx, yy, -(yx * shiftX + yy * shiftY));
    }
}
