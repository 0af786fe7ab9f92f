using Inkling.Engine;

namespace Inkling.Augmentation;

/// <summary>Beta(α, α) for α up to 1, by Jöhnk's method: x = U^(1/α), y = V^(1/α), taken again until x + y ≤ 1; then x/(x + y).</summary>
/// <remarks>Source: Jöhnk 1964, Metrika 8. Uses draws two by two from the first given, as many as it takes.</remarks>
internal static class BetaDistribution
{
    /// <summary>Below, powers of uniform numbers soon underflow to 0.</summary>
    internal const double MinAlpha = 0.05;

    internal const double MaxAlpha = 1;

    internal static double CheckedAlpha(double value, string name) => AugmentationRange.Checked(value, MinAlpha, MaxAlpha, name);

    internal static double Draw(RandomStream random, uint index, double alpha)
    {
        while (true)
        {
            double x = DeterministicMath.Exp(DeterministicMath.Log(random.Uniform(index)) / alpha);
            double y = DeterministicMath.Exp(DeterministicMath.Log(random.Uniform(index + 1)) / alpha);
            if (x + y is > 0 and <= 1)
            {
                return x / (x + y);
            }

            index += 2;
        }
    }
}
