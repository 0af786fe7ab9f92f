using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// Too much light: the value of hue, saturation and value, V = max over channels, grows by b, to 1 at most; for grey x ← min(x + b, 1).
/// </summary>
/// <param name="Increase">b.</param>
internal sealed record Brightness(double Increase) : ImageCorruption("brightness", 5)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        for (int i = 0; i < Plane(shape); i++)
        {
            double value = 0;
            for (int k = i; k < image.Length; k += Plane(shape))
            {
                value = Math.Max(value, image[k]);
            }

            double brighter = Math.Min(value + Increase, 1);
            for (int k = i; k < image.Length; k += Plane(shape))
            {
                // Black has no hue to keep.
                image[k] = value > 0 ? image[k] / value * brighter : brighter;
            }
        }
    }
}
