using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>Too little light: x ← Poisson(n·x) / n with n photons for white.</summary>
/// <remarks>Each value has one uniform draw, which is turned into a count by walking up the distribution.</remarks>
/// <param name="Photons">n.</param>
internal sealed record ShotNoise(double Photons) : ImageCorruption("shot_noise", 5)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        for (int i = 0; i < image.Length; i++)
        {
            image[i] = Poisson(Photons * image[i], random.Uniform((uint)i)) / Photons;
        }
    }

    /// <summary>The smallest k with P(X ≤ k) above the draw.</summary>
    private static int Poisson(double mean, double draw)
    {
        double probability = DeterministicMath.Exp(-mean);
        double sum = probability;
        int k = 0;
        while (sum <= draw && probability > 0)
        {
            k++;
            probability *= mean / k;
            sum += probability;
        }

        return k;
    }
}
