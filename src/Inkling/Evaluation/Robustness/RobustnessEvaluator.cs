using System.Collections.Immutable;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;

namespace Inkling.Evaluation.Robustness;

/// <summary>Judges weights on corrupted images.</summary>
public static class RobustnessEvaluator
{
    /// <summary>Every corruption of <see cref="MnistCLike"/>, one set of images in memory at a time.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="normalization">Of the images it was trained on.</param>
    /// <param name="clean">What the model, calibrated, is worth on the images as they are.</param>
    /// <param name="split">What to call them.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    /// <param name="progress">Told of every corruption when it is judged; null for nobody.</param>
    /// <param name="cancellation">Ends the work between two corruptions.</param>
    public static RobustnessResult Evaluate(
        NetworkWeights weights, Normalization normalization, ModelEvaluation clean, string split, WorkerTeam team,
        Action<CorruptionScore>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(clean);
        int[] indices = [.. clean.Indices];
        int[] all = [.. Enumerable.Range(0, indices.Length)];
        ImmutableArray<CorruptionScore>.Builder scores = ImmutableArray.CreateBuilder<CorruptionScore>();
        foreach (ImageCorruption corruption in MnistCLike.All)
        {
            cancellation.ThrowIfCancellationRequested();
            ImageSet corrupted = MnistCLike.Corrupt(corruption, clean.Images, indices, team);
            LabelledLogits answers = ModelEvaluator.Ask(weights, normalization, corrupted, all, team);
            var metrics = ClassificationMetrics.Compute(answers, clean.Calibration.Temperature);
            scores.Add(new CorruptionScore(corruption, metrics.Confusion.Correct, indices.Length));
            progress?.Invoke(scores[^1]);
        }

        return new RobustnessResult(split, clean.Metrics.Confusion.Correct, indices.Length, scores.ToImmutable());
    }
}
