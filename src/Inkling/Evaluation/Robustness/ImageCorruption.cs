using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>One way in which pictures go bad.</summary>
/// <remarks>
/// Lengths are in pixels of an image of 28 × 28, MNIST's, and grow with the image. Computed in double precision from operations that
/// give the same bits everywhere, and rounded to bytes at the end. All channels of an image meet the same fate.
/// </remarks>
/// <param name="Id">As MNIST-C calls it.</param>
/// <param name="Severity">Which of MNIST-C's five severities the parameters are; null where it has only one.</param>
public abstract record ImageCorruption(string Id, int? Severity)
{
    /// <summary>Side of the images that the parameters were made for.</summary>
    private protected const double Side = 28;

    /// <summary>Corrupts one image in place.</summary>
    /// <param name="image">[C, H, W], 0 (black) to 1; may leave that range, and is cut off there afterwards.</param>
    /// <param name="shape">C, H, W.</param>
    /// <param name="random">The image's own numbers.</param>
    internal abstract void Apply(Span<double> image, Shape shape, RandomStream random);

    /// <summary>Pixels of this image for one of 28 × 28.</summary>
    private protected static double Unit(Shape shape) => Math.Min(shape.Height, shape.Width) / Side;

    private protected static int Plane(Shape shape) => shape.Height * shape.Width;
}
