using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>Broken pixels: with probability a a value becomes 0 or 1, each as likely.</summary>
/// <param name="Amount">a.</param>
internal sealed record ImpulseNoise(double Amount) : ImageCorruption("impulse_noise", 4)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        for (int i = 0; i < image.Length; i++)
        {
            double draw = random.Uniform((uint)i);
            image[i] = draw < Amount / 2 ? 0 : draw < Amount ? 1 : image[i];
        }
    }
}
