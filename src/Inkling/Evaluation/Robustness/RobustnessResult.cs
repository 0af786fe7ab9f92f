using System.Collections.Immutable;
using Inkling.Statistics;

namespace Inkling.Evaluation.Robustness;

/// <summary>What a model is worth on corrupted images.</summary>
/// <param name="Split">Whose images were corrupted: <c>test</c>, <c>validation</c> or <c>train</c>.</param>
/// <param name="CleanRight">How many it has right as they are.</param>
/// <param name="Count">Images.</param>
/// <param name="Corruptions">Each corruption, in the order of <see cref="MnistCLike.All"/>.</param>
public sealed record RobustnessResult(string Split, int CleanRight, int Count, ImmutableArray<CorruptionScore> Corruptions)
{
    /// <summary>Share that is right without corruption.</summary>
    public double CleanAccuracy => (double)CleanRight / Count;

    /// <summary>Mean accuracy over the corruptions.</summary>
    public double MeanAccuracy => Corruptions.Average(score => score.Accuracy);

    /// <summary>Mean corruption error: the mean over the corruptions of the share that is wrong.</summary>
    public double MeanError => 1 - MeanAccuracy;

    /// <summary>Mean of the relative errors; null if the model has no error without corruption.</summary>
    public double? MeanRelativeError => CleanRight == Count ? null : Corruptions.Average(score => RelativeError(score)!.Value);

    /// <summary>A corruption's error divided by the error without corruption; null if there is none.</summary>
    public double? RelativeError(CorruptionScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return CleanRight == Count ? null : (double)(Count - score.Right) / (Count - CleanRight);
    }
}

/// <summary>A model's worth under one corruption.</summary>
/// <param name="Corruption">Which.</param>
/// <param name="Right">Images that are right.</param>
/// <param name="Count">Images.</param>
public sealed record CorruptionScore(ImageCorruption Corruption, int Right, int Count)
{
    /// <summary>Share that is right.</summary>
    public double Accuracy => (double)Right / Count;

    /// <summary>Wilson's 95 % interval of it.</summary>
    public ProportionInterval AccuracyInterval95 => ProportionInterval.Wilson95(Right, Count);
}
