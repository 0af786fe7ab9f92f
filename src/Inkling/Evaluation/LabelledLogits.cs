using Inkling.Packages;

namespace Inkling.Evaluation;

/// <summary>A model's raw scores of labelled images.</summary>
public sealed class LabelledLogits
{
    private readonly int[] _labels;
    private readonly float[] _logits;

    /// <summary>Takes over the two arrays: the caller must not write to them any more.</summary>
    /// <param name="labels">[N] true classes.</param>
    /// <param name="logits">[N, K].</param>
    /// <param name="classCount">Number of classes K, at least 2.</param>
    /// <exception cref="ArgumentException">The lengths don't fit, there are no images, or a label is out of range.</exception>
    public LabelledLogits(int[] labels, float[] logits, int classCount)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        if (labels.Length == 0 || logits.LongLength != (long)labels.Length * classCount
            || labels.AsSpan().ContainsAnyExceptInRange(0, classCount - 1))
        {
            throw new ArgumentException(
                $"evaluate: {labels.Length} labels and {logits.Length} logits, expected [N] from 0 to {classCount - 1} and [N, {classCount}] with N at least 1.");
        }

        (_labels, _logits, ClassCount) = (labels, logits, classCount);
    }

    /// <summary>N.</summary>
    public int Count => _labels.Length;

    /// <summary>K.</summary>
    public int ClassCount { get; }

    /// <summary>[N] true classes.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>[K] scores of one image.</summary>
    public ReadOnlySpan<float> Row(int image) => _logits.AsSpan(image * ClassCount, ClassCount);

    /// <summary>[N, K] probabilities at a temperature.</summary>
    public float[] Probabilities(double temperature)
    {
        float[] probabilities = new float[_logits.Length];
        for (int i = 0; i < Count; i++)
        {
            TemperatureScaling.Apply(Row(i), temperature, probabilities.AsSpan(i * ClassCount, ClassCount));
        }

        return probabilities;
    }
}
