using Inkling.Engine;

namespace Inkling.Evaluation;

/// <summary>Running sums of the scores that judge probabilities, not only answers.</summary>
internal sealed class ProbabilityScores
{
    /// <summary>The smallest normal float, 2⁻¹²⁶, stands for a probability of 0, so that one sample's loss is at most 87.3.</summary>
    private const double LeastProbability = 1.17549435082228751e-38;

    private double _logLoss;
    private double _squares;
    private int _count;

    /// <summary>Mean of −ln(probability of the true class), in nats. A probability of 0 counts as 2⁻¹²⁶.</summary>
    public double NegativeLogLikelihood => _logLoss / _count;

    /// <summary>Mean over samples of Σₖ (probabilityₖ − [k is the true class])²: 0 is perfect, 2 the worst.</summary>
    /// <remarks>Source: G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950.</remarks>
    public double Brier => _squares / _count;

    public void Add(ReadOnlySpan<float> probabilities, int label)
    {
        _count++;
        _logLoss -= DeterministicMath.Log(Math.Max(probabilities[label], LeastProbability));
        for (int k = 0; k < probabilities.Length; k++)
        {
            double difference = probabilities[k] - (k == label ? 1.0 : 0.0);
            _squares += difference * difference;
        }
    }
}
