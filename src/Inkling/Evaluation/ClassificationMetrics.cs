using System.Collections.Immutable;
using Inkling.Statistics;

namespace Inkling.Evaluation;

/// <summary>Every number that is published about a classifier, from its probabilities on one split.</summary>
/// <remarks>
/// Sums run in double precision in the order of the samples. Checked against scikit-learn 1.2.1 and SciPy.
/// </remarks>
public sealed record ClassificationMetrics
{
    /// <summary>How far a row of single-precision probabilities may be from 1 before it is taken for something else.</summary>
    private const double SumTolerance = 1e-3;

    private ClassificationMetrics(
        int[] predictions, float[] confidences, bool[] isRight, ConfusionMatrix confusion, int topTwoCorrect, ProbabilityScores scores)
    {
        Predictions = [.. predictions];
        Confidences = [.. confidences];
        IsRight = [.. isRight];
        Confusion = confusion;
        Count = confusion.Total;
        Accuracy = (double)confusion.Correct / Count;
        AccuracyInterval95 = ProportionInterval.Wilson95(confusion.Correct, Count);
        TopTwoAccuracy = (double)topTwoCorrect / Count;
        TopTwoInterval95 = ProportionInterval.Wilson95(topTwoCorrect, Count);
        PerClass = [.. Enumerable.Range(0, confusion.ClassCount).Select(label => new ClassMetrics(confusion, label))];
        MacroPrecision = PerClass.Average(metrics => metrics.Precision);
        MacroRecall = PerClass.Average(metrics => metrics.Recall);
        MacroF1 = PerClass.Average(metrics => metrics.F1);
        NegativeLogLikelihood = scores.NegativeLogLikelihood;
        Brier = scores.Brier;
        EqualWidth = ReliabilityDiagram.EqualWidth(confidences, isRight);
        EqualMass = ReliabilityDiagram.EqualMass(confidences, isRight);
        Abstention = new AbstentionCurve(confidences, isRight);
    }

    /// <summary>Number of samples N.</summary>
    public int Count { get; }

    /// <summary>[N] the answer to each sample.</summary>
    public ImmutableArray<int> Predictions { get; }

    /// <summary>[N] the probability of each answer.</summary>
    public ImmutableArray<float> Confidences { get; }

    /// <summary>[N] whether each answer is right.</summary>
    public ImmutableArray<bool> IsRight { get; }

    /// <summary>Counts of (true class, answer).</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Share of right answers. The answer is the likeliest class, of equals the lowest.</summary>
    public double Accuracy { get; }

    /// <summary>Wilson's 95 % interval of <see cref="Accuracy"/>.</summary>
    public ProportionInterval AccuracyInterval95 { get; }

    /// <summary>Share of samples whose class is one of the two likeliest.</summary>
    public double TopTwoAccuracy { get; }

    /// <summary>Wilson's 95 % interval of <see cref="TopTwoAccuracy"/>.</summary>
    public ProportionInterval TopTwoInterval95 { get; }

    /// <summary>[K] numbers of each class, in order.</summary>
    public ImmutableArray<ClassMetrics> PerClass { get; }

    /// <summary>Mean of the classes' precision; every class counts the same, those without samples too.</summary>
    public double MacroPrecision { get; }

    /// <summary>Mean of the classes' recall, likewise.</summary>
    public double MacroRecall { get; }

    /// <summary>Mean of the classes' F1, likewise (not the F1 of the means).</summary>
    public double MacroF1 { get; }

    /// <inheritdoc cref="ProbabilityScores.NegativeLogLikelihood"/>
    public double NegativeLogLikelihood { get; }

    /// <inheritdoc cref="ProbabilityScores.Brier"/>
    public double Brier { get; }

    /// <summary>95 % intervals of the three, by a bootstrap; computed when they are asked for.</summary>
    public MacroIntervals MacroIntervals95 => field ??= MacroBootstrap.Intervals95(Confusion);

    /// <summary>Expected calibration error over 15 bins of equal width.</summary>
    public double ExpectedCalibrationError => EqualWidth.Error;

    /// <summary>Probabilities against shares, in bins of equal width.</summary>
    public ReliabilityDiagram EqualWidth { get; }

    /// <summary>The same in bins of equal mass.</summary>
    public ReliabilityDiagram EqualMass { get; }

    /// <summary>Risk against coverage.</summary>
    public AbstentionCurve Abstention { get; }

    /// <summary>Measures raw scores at a temperature.</summary>
    public static ClassificationMetrics Compute(LabelledLogits images, double temperature)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Compute(images.Labels, images.Probabilities(temperature), images.ClassCount);
    }

    /// <summary>Measures.</summary>
    /// <param name="labels">[N] true classes, 0 to <paramref name="classCount"/> − 1; N at least 1.</param>
    /// <param name="probabilities">[N, K], rows summing to 1 within 0.001.</param>
    /// <param name="classCount">Number of classes K, at least 2.</param>
    /// <exception cref="ArgumentException">A length, a label or a probability is out of range.</exception>
    public static ClassificationMetrics Compute(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        if (labels.IsEmpty || probabilities.Length != (long)labels.Length * classCount)
        {
            throw new ArgumentException(
                $"evaluate: {labels.Length} labels and {probabilities.Length} probabilities, "
                + $"expected [N] and [N, {classCount}] with N at least 1.");
        }

        int[] predictions = new int[labels.Length];
        float[] confidences = new float[labels.Length];
        bool[] isRight = new bool[labels.Length];
        int topTwoCorrect = 0;
        ProbabilityScores scores = new();
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = probabilities.Slice(i * classCount, classCount);
            ThrowIfNotADistribution(row, i);
            if ((uint)labels[i] >= (uint)classCount)
            {
                throw new ArgumentException($"Sample {i}: label {labels[i]} must be between 0 and {classCount - 1}.");
            }

            predictions[i] = Answer(row);
            confidences[i] = row[predictions[i]];
            isRight[i] = predictions[i] == labels[i];
            topTwoCorrect += Rank(row, labels[i]) < 2 ? 1 : 0;
            scores.Add(row, labels[i]);
        }

        return new ClassificationMetrics(
            predictions, confidences, isRight, new ConfusionMatrix(labels, predictions, classCount), topTwoCorrect, scores);
    }

    private static int Answer(ReadOnlySpan<float> row)
    {
        int answer = 0;
        for (int k = 1; k < row.Length; k++)
        {
            answer = row[k] > row[answer] ? k : answer;
        }

        return answer;
    }

    /// <summary>How many classes come before <paramref name="label"/>; of equals the lower class comes first.</summary>
    private static int Rank(ReadOnlySpan<float> row, int label)
    {
        int before = 0;
        for (int k = 0; k < row.Length; k++)
        {
            before += row[k] > row[label] || (row[k] == row[label] && k < label) ? 1 : 0;
        }

        return before;
    }

    private static void ThrowIfNotADistribution(ReadOnlySpan<float> row, int sample)
    {
        double sum = 0;
        foreach (float probability in row)
        {
            if (!(probability >= 0 && probability <= 1 + SumTolerance))
            {
                throw new ArgumentException(
                    $"Sample {sample}: {probability} is not a probability. Pass the softmax of the logits.");
            }

            sum += probability;
        }

        if (Math.Abs(sum - 1) > SumTolerance)
        {
            throw new ArgumentException(
                $"Sample {sample}: the probabilities sum to {sum}, not 1. Pass the softmax of the logits.");
        }
    }
}
