using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// A moving camera: x(p) ← Σ wᵢ·x(p + i·(cos θ, sin θ)) over i from 0 to 2r, to the nearest pixel, wᵢ ∝ exp(−i²/2σ²), θ uniform within
/// ±45°.
/// Beyond an edge its pixel repeats.
/// </summary>
/// <param name="Radius">r, in pixels.</param>
/// <param name="Deviation">σ, in pixels.</param>
internal sealed record MotionBlur(double Radius, double Deviation) : ImageCorruption("motion_blur", 1)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        double angle = random.Uniform(0, -Math.PI / 4, Math.PI / 4);
        double cosine = DeterministicMath.Cos(angle);
        double sine = DeterministicMath.Sin(angle);
        double deviation = Deviation * Unit(shape);
        double[] weights = new double[2 * (int)Math.Round(Radius * Unit(shape)) + 1];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = DeterministicMath.Exp(-(double)i * i / (2 * deviation * deviation));
        }

        double sum = weights.Sum();
        double[] source = image.ToArray();
        image.Clear();
        for (int i = 0; i < weights.Length; i++)
        {
            Add(source, image, shape, weights[i] / sum, (int)Math.Ceiling(i * cosine - 0.5), (int)Math.Ceiling(i * sine - 0.5));
        }
    }

    private static void Add(double[] source, Span<double> target, Shape shape, double weight, int right, int down)
    {
        for (int i = 0; i < target.Length; i++)
        {
            int x = Math.Clamp(i % shape.Width + right, 0, shape.Width - 1);
            int y = Math.Clamp(i / shape.Width % shape.Height + down, 0, shape.Height - 1);
            target[i] += weight * source[i / Plane(shape) * Plane(shape) + y * shape.Width + x];
        }
    }
}
