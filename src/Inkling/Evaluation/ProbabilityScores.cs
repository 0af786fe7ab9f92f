using Inkling.Engine.Numerics;

namespace Inkling.Evaluation;

/// <summary>Running sums of the scores that judge probabilities, not only answers.</summary>
internal sealed class ProbabilityScores
{
    /// <summary>Equal-width bins of confidence, (b/15, (b + 1)/15], the usual number.</summary>
    private const int Bins = 15;

    /// <summary>The smallest normal float, 2⁻¹²⁶, stands for a probability of 0, so that one sample's loss is at most 87.3.</summary>
    private const double LeastProbability = 1.17549435082228751e-38;

    private readonly double[] _confidence = new double[Bins];
    private readonly int[] _correct = new int[Bins];
    private double _logLoss;
    private double _squares;
    private int _count;

    /// <summary>Mean of −ln(probability of the true class), in nats. A probability of 0 counts as 2⁻¹²⁶.</summary>
    public double NegativeLogLikelihood => _logLoss / _count;

    /// <summary>Mean over samples of Σₖ (probabilityₖ − [k is the true class])²: 0 is perfect, 2 the worst.</summary>
    /// <remarks>Source: G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950.</remarks>
    public double Brier => _squares / _count;

    /// <summary>
    /// Expected calibration error: Σ over 15 bins of |Σ confidence − number right| / N, where a sample's confidence is the
    /// probability of its answer and bins are equally wide, closed above.
    /// </summary>
    /// <remarks>Source: C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", 2017.</remarks>
    public double ExpectedCalibrationError
    {
        get
        {
            double sum = 0;
            for (int bin = 0; bin < Bins; bin++)
            {
                sum += Math.Abs(_confidence[bin] - _correct[bin]);
            }

            return sum / _count;
        }
    }

    public void Add(ReadOnlySpan<float> probabilities, int label, int answer)
    {
        _count++;
        _logLoss -= DeterministicMath.Log(Math.Max(probabilities[label], LeastProbability));
        for (int k = 0; k < probabilities.Length; k++)
        {
            double difference = probabilities[k] - (k == label ? 1.0 : 0.0);
            _squares += difference * difference;
        }

        double answered = probabilities[answer];
        int bin = Math.Clamp((int)Math.Ceiling(answered * Bins) - 1, 0, Bins - 1);
        _confidence[bin] += answered;
        _correct[bin] += answer == label ? 1 : 0;
    }
}
