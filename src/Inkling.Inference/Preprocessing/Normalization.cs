using System.Collections.Immutable;

namespace Inkling.Preprocessing;

/// <summary>How pixels become inputs: (pixel / 255 − mean) / standard deviation, per channel.</summary>
/// <param name="Mean">[C], on the scale where 255 is 1.</param>
/// <param name="StandardDeviation">[C], of the population, on the same scale; positive.</param>
public sealed record Normalization(ImmutableArray<double> Mean, ImmutableArray<double> StandardDeviation)
{
    /// <summary>What a kernel computes with, one for each channel.</summary>
    public PixelNormalization[] ToPixels() =>
        [.. Mean.Zip(StandardDeviation, (mean, deviation) => new PixelNormalization(mean, deviation))];

    /// <summary>Equal if all numbers are.</summary>
    public bool Equals(Normalization? other) =>
        other is not null && Mean.SequenceEqual(other.Mean) && StandardDeviation.SequenceEqual(other.StandardDeviation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean[0], StandardDeviation[0]);
}
