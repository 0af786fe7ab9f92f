using Inkling.Engine;
using Inkling.Statistics;

namespace Inkling.Evaluation;

/// <summary>95 % intervals of macro averages, which are no proportions, by the percentile bootstrap.</summary>
/// <remarks>
/// 2,000 times N samples are drawn from the N with replacement, and the averages measured anew; the interval runs from the 50th to the
/// 1,950th of
/// the sorted values. The draws are a pure function of N, so equal matrices have equal intervals. Of a model without a mistake the
/// bootstrap
/// learns nothing: [1, 1]. Source: B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993.
/// </remarks>
internal static class MacroBootstrap
{
    private const int Replicates = 2000;
    private const int Tail = Replicates / 40;
    private const int WordsAtOnce = 1024;

    /// <summary>Intervals of macro precision, recall and F1.</summary>
    internal static MacroIntervals Intervals95(ConfusionMatrix confusion)
    {
        (int Label, int Answer)[] samples = Samples(confusion);
        var values = (Precision: new double[Replicates], Recall: new double[Replicates], F1: new double[Replicates]);
        var counts = new ClassCounts(confusion.ClassCount);
        uint[] words = new uint[WordsAtOnce];
        for (int replicate = 0; replicate < Replicates; replicate++)
        {
            counts.Clear();
            Draw(new RandomStream(0, RandomPurpose.Bootstrap, (uint)replicate), samples, counts, words);
            (values.Precision[replicate], values.Recall[replicate], values.F1[replicate]) = counts.Averages();
        }

        return new MacroIntervals(Middle(values.Precision), Middle(values.Recall), Middle(values.F1));
    }

    /// <summary>In the order of the matrix: which sample is which plays no part.</summary>
    private static (int Label, int Answer)[] Samples(ConfusionMatrix confusion) =>
    [
        .. from label in Enumerable.Range(0, confusion.ClassCount)
           from answer in Enumerable.Range(0, confusion.ClassCount)
           from sample in Enumerable.Repeat((label, answer), confusion[label, answer])
           select sample,
    ];

    private static void Draw(RandomStream random, (int Label, int Answer)[] samples, ClassCounts counts, uint[] words)
    {
        for (int start = 0; start < samples.Length; start += words.Length)
        {
            random.Bits((uint)(start / 4), words);
            foreach (uint word in words.AsSpan(0, Math.Min(words.Length, samples.Length - start)))
            {
                (int label, int answer) = samples[(int)((ulong)word * (uint)samples.Length >> 32)];
                counts.Add(label, answer);
            }
        }
    }

    private static ProportionInterval Middle(double[] values)
    {
        Array.Sort(values);
        return new ProportionInterval(values[Tail - 1], values[Replicates - Tail - 1]);
    }
}

/// <summary>What the macro averages of drawn samples are made of.</summary>
internal sealed class ClassCounts(int classes)
{
    private readonly int[] _correct = new int[classes];
    private readonly int[] _support = new int[classes];
    private readonly int[] _predicted = new int[classes];

    internal void Clear()
    {
        Array.Clear(_correct);
        Array.Clear(_support);
        Array.Clear(_predicted);
    }

    internal void Add(int label, int answer)
    {
        _support[label]++;
        _predicted[answer]++;
        _correct[label] += label == answer ? 1 : 0;
    }

    internal (double Precision, double Recall, double F1) Averages()
    {
        (double precision, double recall, double f1) = (0, 0, 0);
        for (int k = 0; k < classes; k++)
        {
            precision += ClassMetrics.Share(_correct[k], _predicted[k]);
            recall += ClassMetrics.Share(_correct[k], _support[k]);
            f1 += ClassMetrics.Share(2L * _correct[k], (long)_support[k] + _predicted[k]);
        }

        return (precision / classes, recall / classes, f1 / classes);
    }
}

/// <summary>95 % intervals of the macro averages.</summary>
/// <param name="Precision">Of macro precision.</param>
/// <param name="Recall">Of macro recall.</param>
/// <param name="F1">Of macro F1.</param>
public sealed record MacroIntervals(ProportionInterval Precision, ProportionInterval Recall, ProportionInterval F1);
