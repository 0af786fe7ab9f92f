using System.Collections.Immutable;

namespace Inkling.Evaluation;

/// <summary>
/// How often answers of about one probability are right: what a reliability diagram shows, and the calibration error it gives.
/// </summary>
/// <remarks>
/// Source: C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", 2017, arXiv:1706.04599.
/// </remarks>
public sealed class ReliabilityDiagram
{
    /// <summary>The usual number.</summary>
    public const int BinCount = 15;

    private ReliabilityDiagram(IEnumerable<ReliabilityBin> bins)
    {
        Bins = [.. bins];
        double sum = 0;
        foreach (ReliabilityBin bin in Bins)
        {
            sum += Math.Abs(bin.ConfidenceSum - bin.Right);
        }

        Error = sum / Bins.Sum(bin => bin.Count);
    }

    /// <summary>In the order of their probabilities.</summary>
    public ImmutableArray<ReliabilityBin> Bins { get; }

    /// <summary>Expected calibration error: Σ over the bins of |Σ probability − number right| / N.</summary>
    public double Error { get; }

    /// <summary>Bins of equal width, (b/15, (b + 1)/15].</summary>
    /// <param name="confidences">[N] the probability of each answer.</param>
    /// <param name="isRight">[N] whether it is right.</param>
    internal static ReliabilityDiagram EqualWidth(ReadOnlySpan<float> confidences, ReadOnlySpan<bool> isRight)
    {
        double[] sums = new double[BinCount];
        int[] right = new int[BinCount];
        int[] counts = new int[BinCount];
        for (int i = 0; i < confidences.Length; i++)
        {
            double confidence = confidences[i];
            int bin = Math.Clamp((int)Math.Ceiling(confidence * BinCount) - 1, 0, BinCount - 1);
            sums[bin] += confidence;
            right[bin] += isRight[i] ? 1 : 0;
            counts[bin]++;
        }

        return new ReliabilityDiagram(Enumerable.Range(0, BinCount).Select(bin => new ReliabilityBin(
            (double)bin / BinCount, (bin + 1.0) / BinCount, counts[bin], right[bin], sums[bin])));
    }

    /// <summary>Bins of equal mass: the ranked answers in 15 runs, of which the first N mod 15 have one more.</summary>
    /// <param name="confidences">[N] the probability of each answer; of equals the earlier ranks lower.</param>
    /// <param name="isRight">[N] whether it is right.</param>
    internal static ReliabilityDiagram EqualMass(float[] confidences, bool[] isRight)
    {
        int[] order = [.. Enumerable.Range(0, confidences.Length).OrderBy(i => confidences[i])];
        (int size, int larger) = Math.DivRem(order.Length, BinCount);
        var bins = new List<ReliabilityBin>();
        for (int bin = 0, start = 0; bin < BinCount && start < order.Length; bin++)
        {
            ReadOnlySpan<int> members = order.AsSpan(start, size + (bin < larger ? 1 : 0));
            start += members.Length;
            double sum = 0;
            int right = 0;
            foreach (int member in members)
            {
                sum += confidences[member];
                right += isRight[member] ? 1 : 0;
            }

            bins.Add(new ReliabilityBin(confidences[members[0]], confidences[members[^1]], members.Length, right, sum));
        }

        return new ReliabilityDiagram(bins);
    }
}

/// <summary>Answers of about one probability.</summary>
/// <param name="Low">Lower end of their probabilities.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Right">How many of them are right.</param>
/// <param name="ConfidenceSum">Sum of their probabilities.</param>
public readonly record struct ReliabilityBin(double Low, double High, int Count, int Right, double ConfidenceSum)
{
    /// <summary>Mean of their probabilities; null in an empty bin.</summary>
    public double? Confidence => Count == 0 ? null : ConfidenceSum / Count;

    /// <summary>Share that is right; null in an empty bin.</summary>
    public double? Accuracy => Count == 0 ? null : (double)Right / Count;
}
