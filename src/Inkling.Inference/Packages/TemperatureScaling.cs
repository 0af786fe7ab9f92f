using Inkling.Engine;

namespace Inkling.Packages;

/// <summary>
/// Probabilities from logits that are divided by one number, the temperature: it changes how sure answers are, never which.
/// </summary>
/// <remarks>
/// Source: C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", 2017, arXiv:1706.04599.
/// </remarks>
public static class TemperatureScaling
{
    /// <summary>The lowest temperature that a fit gives.</summary>
    public const double Lowest = 0.1;

    /// <summary>The highest.</summary>
    public const double Highest = 10;

    /// <summary>pₖ = exp((zₖ − max z) / T) / Σ, in double precision, rounded once.</summary>
    /// <param name="logits">[K] z.</param>
    /// <param name="temperature">T, above 0; 1 leaves the network's own probabilities.</param>
    /// <param name="probabilities">[K], overwritten.</param>
    /// <remarks>The sum runs over classes in order. At T = 1 these are the bits of the engine's softmax.</remarks>
    public static void Apply(ReadOnlySpan<float> logits, double temperature, Span<float> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        double max = Largest(logits);
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += DeterministicMath.Exp((logit - max) / temperature);
        }

        for (int k = 0; k < probabilities.Length; k++)
        {
            probabilities[k] = (float)(DeterministicMath.Exp((logits[k] - max) / temperature) / sum);
        }
    }

    /// <summary>The largest of some logits; NaN if one is.</summary>
    public static double Largest(ReadOnlySpan<float> logits)
    {
        double max = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            // Written so that NaN stays: a comparison with it is false.
            max = logit <= max ? max : logit;
        }

        return max;
    }
}
