using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>A tilted page: source = (u·cos a − v·sin a, u·sin a + v·cos a) from the centre, a = ±the angle, each as likely.</summary>
/// <param name="Angle">In radians.</param>
internal sealed record Rotate(double Angle) : ImageCorruption("rotate", 2)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        double angle = random.Integer(0, 2) == 0 ? -Angle : Angle;
        double cosine = DeterministicMath.Cos(angle);
        double sine = DeterministicMath.Sin(angle);
        new AffineSampling(cosine, -sine, 0, sine, cosine, 0).Apply(image, shape);
    }
}
