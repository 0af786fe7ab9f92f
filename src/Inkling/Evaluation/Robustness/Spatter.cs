using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// Mud on the picture: normal noise (μ, σ) blurred by b₁; where it is above t there is mud, 1 and elsewhere 0, blurred by b₂, and below 0.8
/// none.
/// With that mask m, x ← x·(1 − m) + m·63/255.
/// </summary>
/// <remarks>The noise is by Box and Muller, from two uniform draws a pixel.</remarks>
/// <param name="Mean">μ.</param>
/// <param name="Deviation">σ.</param>
/// <param name="LiquidBlur">b₁, in pixels.</param>
/// <param name="Threshold">t.</param>
/// <param name="MudBlur">b₂, in pixels.</param>
internal sealed record Spatter(double Mean, double Deviation, double LiquidBlur, double Threshold, double MudBlur)
    : ImageCorruption("spatter", 4)
{
    private const double LeastMud = 0.8;
    private const double MudColour = 63 / 255.0;

    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        double[] mud = new double[Plane(shape)];
        for (int i = 0; i < mud.Length; i++)
        {
            mud[i] = Mean + Deviation * Normal(random, (uint)i);
        }

        new GaussianFilter(LiquidBlur * Unit(shape)).Apply(mud, shape.Height, shape.Width);
        for (int i = 0; i < mud.Length; i++)
        {
            mud[i] = mud[i] > Threshold ? 1 : 0;
        }

        new GaussianFilter(MudBlur * Unit(shape)).Apply(mud, shape.Height, shape.Width);
        for (int i = 0; i < image.Length; i++)
        {
            double mask = mud[i % mud.Length] < LeastMud ? 0 : mud[i % mud.Length];
            image[i] = image[i] * (1 - mask) + MudColour * mask;
        }
    }

    private static double Normal(RandomStream random, uint index)
    {
        // 1 − u: the logarithm of 0 is not asked for.
        double radius = Math.Sqrt(-2 * DeterministicMath.Log(1 - random.Uniform(2 * index)));
        return radius * DeterministicMath.Cos(2 * Math.PI * random.Uniform(2 * index + 1));
    }
}
