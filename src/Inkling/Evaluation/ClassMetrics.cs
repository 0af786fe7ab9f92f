using Inkling.Statistics;

namespace Inkling.Evaluation;

/// <summary>One class against all others.</summary>
/// <remarks>A share of nothing is 0: precision of a class never predicted, recall of a class without samples, F1 of both.</remarks>
public sealed record ClassMetrics
{
    /// <summary>Reads one class off a matrix.</summary>
    public ClassMetrics(ConfusionMatrix confusion, int label)
    {
        ArgumentNullException.ThrowIfNull(confusion);

        int correct = confusion[label, label];
        Label = label;
        Support = confusion.Support(label);
        Predicted = confusion.Predicted(label);
        Precision = Share(correct, Predicted);
        PrecisionInterval95 = ProportionInterval.Wilson95(correct, Predicted);
        Recall = Share(correct, Support);
        RecallInterval95 = ProportionInterval.Wilson95(correct, Support);
        F1 = Share(2L * correct, (long)Support + Predicted);
        F1Interval95 = ProportionInterval.Wilson95(correct, (long)Support + Predicted - correct).Map(
            overlap => 2 * overlap / (1 + overlap));
    }

    /// <summary>The class.</summary>
    public int Label { get; }

    /// <summary>Samples of this class.</summary>
    public int Support { get; }

    /// <summary>Samples that were given this class.</summary>
    public int Predicted { get; }

    /// <summary>Right answers among those that named this class.</summary>
    public double Precision { get; }

    /// <summary>Wilson's 95 % interval of <see cref="Precision"/>; [0, 1] where nothing was predicted.</summary>
    public ProportionInterval PrecisionInterval95 { get; }

    /// <summary>Samples of this class that were found.</summary>
    public double Recall { get; }

    /// <summary>Wilson's 95 % interval of <see cref="Recall"/>; [0, 1] where there are no samples.</summary>
    public ProportionInterval RecallInterval95 { get; }

    /// <summary>2·correct / (support + predicted), the harmonic mean of precision and recall.</summary>
    public double F1 { get; }

    /// <summary>
    /// 95 % interval of <see cref="F1"/>; [0, 1] where there is nothing. F1 = 2·J / (1 + J), where J is a proportion: of the samples that
    /// are of
    /// this class or were given it, those that are both. So it is Wilson's interval of J, with its ends mapped.
    /// </summary>
    public ProportionInterval F1Interval95 { get; }

    internal static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
