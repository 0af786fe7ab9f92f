using Inkling.Engine.Numerics;

namespace Inkling.Evaluation;

/// <summary>Probabilities from logits that are divided by one number, the temperature: it changes how sure answers are, never which.</summary>
/// <remarks>Source: C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", 2017, arXiv:1706.04599.</remarks>
public static class TemperatureScaling
{
    /// <summary>The lowest temperature that <see cref="Fit"/> gives.</summary>
    public const double Lowest = 0.1;

    /// <summary>The highest.</summary>
    public const double Highest = 10;

    private const int Decimals = 4;

    /// <summary>Halvings of the range of 1/T, after which it is narrower than the fourth decimal of any T.</summary>
    private const int Halvings = 40;

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

    /// <summary>The temperature at which labelled images are likeliest, rounded to four decimals.</summary>
    /// <remarks>
    /// The negative log-likelihood is convex in 1/T, and its derivative there is Σᵢ (Σₖ pᵢₖ·zᵢₖ − zᵢ,label): the root is found by halving
    /// [1/<see cref="Highest"/>, 1/<see cref="Lowest"/>] forty times, with sums in double precision in the order of the images. If every
    /// answer is right there is no minimum, since sharper is always likelier; the temperature stays 1.
    /// </remarks>
    public static double Fit(LabelledLogits images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (AreAllRight(images))
        {
            return 1;
        }

        double low = 1 / Highest;
        double high = 1 / Lowest;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (Slope(images, middle) < 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Round(2 / (low + high), Decimals);
    }

    private static double Slope(LabelledLogits images, double inverse)
    {
        double slope = 0;
        for (int i = 0; i < images.Count; i++)
        {
            ReadOnlySpan<float> logits = images.Row(i);
            double max = Largest(logits);
            double right = logits[images.Labels[i]];
            double sum = 0;
            double weighted = 0;
            foreach (float logit in logits)
            {
                double term = DeterministicMath.Exp((logit - max) * inverse);
                sum += term;
                weighted += term * (logit - right);
            }

            slope += weighted / sum;
        }

        return slope;
    }

    private static bool AreAllRight(LabelledLogits images)
    {
        for (int i = 0; i < images.Count; i++)
        {
            if (images.Row(i)[images.Labels[i]] < Largest(images.Row(i)))
            {
                return false;
            }
        }

        return true;
    }

    private static double Largest(ReadOnlySpan<float> logits)
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
