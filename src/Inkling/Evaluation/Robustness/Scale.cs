using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>Smaller writing: source = (u, v) / s from the centre.</summary>
/// <param name="Factor">s.</param>
internal sealed record Scale(double Factor) : ImageCorruption("scale", 3)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random) =>
        new AffineSampling(1 / Factor, 0, 0, 0, 1 / Factor, 0).Apply(image, shape);
}
