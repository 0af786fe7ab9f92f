namespace Inkling.Evaluation;

/// <summary>How often each true class was given each answer.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[] _counts;

    /// <summary>Counts pairs.</summary>
    /// <param name="labels">[N] true classes, 0 to <paramref name="classCount"/> − 1.</param>
    /// <param name="predictions">[N] answers, likewise.</param>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a class is out of range.</exception>
    public ConfusionMatrix(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        if (labels.Length != predictions.Length)
        {
            throw new ArgumentException($"{labels.Length} labels and {predictions.Length} predictions do not pair up.");
        }

        ClassCount = classCount;
        Total = labels.Length;
        _counts = new int[classCount * classCount];
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classCount || (uint)predictions[i] >= (uint)classCount)
            {
                throw new ArgumentException(
                    $"Sample {i}: label {labels[i]} and prediction {predictions[i]} must be between 0 and {classCount - 1}.");
            }

            _counts[labels[i] * classCount + predictions[i]]++;
        }
    }

    private ConfusionMatrix(int[] counts, int classCount, int total) => (_counts, ClassCount, Total) = (counts, classCount, total);

    /// <summary>A matrix that somebody has counted.</summary>
    /// <param name="counts">[K, K], a row a true class.</param>
    /// <returns>Null if it isn't square, has a negative count, or more samples than can be counted.</returns>
    internal static ConfusionMatrix? FromCounts(int[][] counts)
    {
        bool isMatrix = counts.Length > 0 && counts.All(row => row?.Length == counts.Length && row.All(count => count >= 0));
        long total = isMatrix ? counts.Sum(row => row.Sum(count => (long)count)) : 0;
        return isMatrix && total <= int.MaxValue
            ? new ConfusionMatrix([.. counts.SelectMany(row => row)], counts.Length, (int)total)
            : null;
    }

    /// <summary>Number of classes K.</summary>
    public int ClassCount { get; }

    /// <summary>Number of samples N.</summary>
    public int Total { get; }

    /// <summary>Samples of class <paramref name="label"/> that were taken for <paramref name="prediction"/>.</summary>
    public int this[int label, int prediction]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)ClassCount, nameof(label));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)prediction, (uint)ClassCount, nameof(prediction));
            return _counts[label * ClassCount + prediction];
        }
    }

    /// <summary>Samples that were right.</summary>
    public int Correct => Enumerable.Range(0, ClassCount).Sum(label => this[label, label]);

    /// <summary>Samples of one class: a row's sum.</summary>
    public int Support(int label) => Enumerable.Range(0, ClassCount).Sum(prediction => this[label, prediction]);

    /// <summary>Samples that were given one answer: a column's sum.</summary>
    public int Predicted(int prediction) => Enumerable.Range(0, ClassCount).Sum(label => this[label, prediction]);

    /// <summary>Which classes were taken for which, most often first; of equal counts in the order of the matrix.</summary>
    public IReadOnlyList<Confusion> Confusions => field ??=
    [
        .. (from label in Enumerable.Range(0, ClassCount)
            from answer in Enumerable.Range(0, ClassCount)
            where label != answer && this[label, answer] > 0
            select new Confusion(label, answer, this[label, answer])).OrderByDescending(confusion => confusion.Count),
    ];
}

/// <summary>A class that was taken for another.</summary>
/// <param name="Label">What the samples are.</param>
/// <param name="Answer">What they were taken for.</param>
/// <param name="Count">How many.</param>
public readonly record struct Confusion(int Label, int Answer, int Count);
