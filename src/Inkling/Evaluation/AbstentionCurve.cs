using System.Collections.Immutable;

namespace Inkling.Evaluation;

/// <summary>What a model gains by being silent where it is least sure: of the answers that are left, how many are wrong.</summary>
/// <remarks>
/// Answers are ranked by their probability, surest first, of equals in the order of the samples. Coverage is the share that is given,
/// risk the share of wrong ones among those. Source: Y. Geifman, R. El-Yaniv, "Selective classification for deep neural networks", 2017,
/// arXiv:1705.08500.
/// </remarks>
public sealed class AbstentionCurve
{
    private readonly ImmutableArray<float> _confidences;
    private readonly ImmutableArray<int> _wrong;

    /// <summary>Ranks answers.</summary>
    /// <param name="confidences">[N] the probability of each answer.</param>
    /// <param name="isRight">[N] whether it is right.</param>
    internal AbstentionCurve(IReadOnlyList<float> confidences, IReadOnlyList<bool> isRight)
    {
        int[] order = [.. Enumerable.Range(0, confidences.Count).OrderByDescending(i => confidences[i])];
        int[] wrong = new int[order.Length + 1];
        double area = 0;
        for (int answered = 1; answered <= order.Length; answered++)
        {
            wrong[answered] = wrong[answered - 1] + (isRight[order[answered - 1]] ? 0 : 1);
            area += (double)wrong[answered] / answered;
        }

        _confidences = [.. order.Select(i => confidences[i])];
        _wrong = [.. wrong];
        Area = area / order.Length;
    }

    /// <summary>N.</summary>
    public int Count => _confidences.Length;

    /// <summary>Mean of the risk over the coverages 1/N, 2/N, …, 1: the area under the curve. 0 is perfect.</summary>
    public double Area { get; }

    /// <summary>Share of wrong answers among the surest; 0 where there are none.</summary>
    /// <param name="answered">How many, 0 to N.</param>
    public double Risk(int answered) => answered == 0 ? 0 : (double)_wrong[answered] / answered;

    /// <summary>How many answers have at least a probability.</summary>
    public int Answered(double threshold)
    {
        int answered = 0;
        while (answered < Count && _confidences[answered] >= threshold)
        {
            answered++;
        }

        return answered;
    }

    /// <summary>The lowest probability at which the answers that have at least as much keep a risk; null if none keeps it.</summary>
    /// <param name="risk">The share of wrong answers that is put up with.</param>
    public float? ThresholdFor(double risk)
    {
        for (int answered = Count; answered > 0; answered--)
        {
            // A threshold can't part equals.
            bool isEndOfEquals = answered == Count || _confidences[answered] < _confidences[answered - 1];
            if (isEndOfEquals && Risk(answered) <= risk)
            {
                return _confidences[answered - 1];
            }
        }

        return null;
    }
}
