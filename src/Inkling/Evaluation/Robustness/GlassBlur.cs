using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// Frosted glass: a Gaussian blur of deviation σ; then, r times over, from the lower right corner up, half of the pixels change places with
/// one
/// whose row and column are up to d before it or up to d − 1 after it; then the blur again.
/// </summary>
/// <param name="Deviation">σ, in pixels.</param>
/// <param name="Distance">d, in pixels.</param>
/// <param name="Rounds">r.</param>
internal sealed record GlassBlur(double Deviation, int Distance, int Rounds) : ImageCorruption("glass_blur", 1)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        var blur = new GaussianFilter(Deviation * Unit(shape));
        int distance = Math.Max(1, (int)Math.Round(Distance * Unit(shape)));
        blur.ApplyToPlanes(image, shape);
        for (int round = 0; round < Rounds; round++)
        {
            for (int y = shape.Height - distance; y > distance; y--)
            {
                for (int x = shape.Width - distance; x > distance; x--)
                {
                    PhiloxBlock draw = random.Block((uint)(round * Plane(shape) + y * shape.Width + x));
                    if (draw.X0 >> 31 == 1)
                    {
                        Swap(image, shape, y * shape.Width + x, (y + Shift(draw.X1, distance)) * shape.Width + x + Shift(
                            draw.X2, distance));
                    }
                }
            }
        }

        blur.ApplyToPlanes(image, shape);
    }

    /// <summary>Uniform from −distance to distance − 1.</summary>
    private static int Shift(uint bits, int distance) => (int)((ulong)bits * (uint)(2 * distance) >> 32) - distance;

    private static void Swap(Span<double> image, Shape shape, int first, int second)
    {
        for (int start = 0; start < image.Length; start += Plane(shape))
        {
            (image[start + first], image[start + second]) = (image[start + second], image[start + first]);
        }
    }
}
