using Inkling.Engine;
using Inkling.Packages;

namespace Inkling.Evaluation;

/// <summary>Chooses the temperature of a model on labelled images.</summary>
/// <remarks>
/// Source: C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", 2017, arXiv:1706.04599.
/// </remarks>
public static class TemperatureFit
{
    private const int Decimals = 4;

    /// <summary>Halvings of the range of 1/T, after which it is narrower than the fourth decimal of any T.</summary>
    private const int Halvings = 40;

    /// <summary>The temperature at which labelled images are likeliest, rounded to four decimals.</summary>
    /// <remarks>
    /// The negative log-likelihood is convex in 1/T, and its derivative there is Σᵢ (Σₖ pᵢₖ·zᵢₖ − zᵢ,label): the root is found by halving
    /// [1/<see cref="TemperatureScaling.Highest"/>, 1/<see cref="TemperatureScaling.Lowest"/>] forty times, with sums in double precision
    /// in the order of the images. If every
    /// answer is right there is no minimum, since sharper is always likelier; the temperature stays 1.
    /// </remarks>
    public static double Fit(LabelledLogits images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (AreAllRight(images))
        {
            return 1;
        }

        double low = 1 / TemperatureScaling.Highest;
        double high = 1 / TemperatureScaling.Lowest;
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
            double max = TemperatureScaling.Largest(logits);
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
            if (images.Row(i)[images.Labels[i]] < TemperatureScaling.Largest(images.Row(i)))
            {
                return false;
            }
        }

        return true;
    }
}
