using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>Off the middle: source = (u ± d, v ± d), each sign as likely.</summary>
/// <param name="Distance">d, in pixels.</param>
internal sealed record Translate(double Distance) : ImageCorruption("translate", 3)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        double distance = Distance * Unit(shape);
        double right = random.Integer(0, 2) == 0 ? -distance : distance;
        double down = random.Integer(1, 2) == 0 ? -distance : distance;
        new AffineSampling(1, 0, right, 0, 1, down).Apply(image, shape);
    }
}
