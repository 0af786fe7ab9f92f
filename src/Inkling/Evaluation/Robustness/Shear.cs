using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>Slanted writing: source = (u − v·sin a, v·cos a) from the centre, a = ±the angle, each as likely.</summary>
/// <param name="Angle">In radians.</param>
internal sealed record Shear(double Angle) : ImageCorruption("shear", 2)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        double angle = random.Integer(0, 2) == 0 ? -Angle : Angle;
        new AffineSampling(1, -DeterministicMath.Sin(angle), 0, 0, DeterministicMath.Cos(angle), 0).Apply(image, shape);
    }
}
