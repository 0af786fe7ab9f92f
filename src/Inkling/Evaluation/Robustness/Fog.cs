using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>Fog before the picture: x ← (x + t·f)·m / (m + t) with the image's maximum m and a plasma fractal f in [0, 1].</summary>
/// <param name="Thickness">t.</param>
/// <param name="Decay">What the fractal's roughness is divided by from one scale to the next.</param>
internal sealed record Fog(double Thickness, double Decay) : ImageCorruption("fog", 5)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        double most = 0;
        foreach (double value in image)
        {
            most = Math.Max(most, value);
        }

        var fractal = PlasmaFractal.Draw(Decay, random);
        for (int i = 0; i < image.Length; i++)
        {
            double x = i % shape.Width * Side / shape.Width;
            double y = i / shape.Width % shape.Height * Side / shape.Height;
            image[i] = (image[i] + Thickness * fractal.At(x, y)) * most / (most + Thickness);
        }
    }
}
