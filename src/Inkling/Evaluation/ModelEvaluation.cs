using System.Collections.Immutable;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Statistics;

namespace Inkling.Evaluation;

/// <summary>What a model with its calibration is worth on some images.</summary>
public sealed class ModelEvaluation
{
    private readonly float[] _probabilities;

    /// <summary>Judges.</summary>
    /// <param name="answers">The model's scores.</param>
    /// <param name="calibration">How they become probabilities.</param>
    /// <param name="images">The set that the images are of.</param>
    /// <param name="indices">[N] which of them, in the order of the scores.</param>
    public ModelEvaluation(LabelledLogits answers, Calibration calibration, ImageSet images, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(calibration);
        Images = images;
        Indices = [.. indices];
        Calibration = calibration;
        _probabilities = answers.Probabilities(calibration.Temperature);
        Metrics = ClassificationMetrics.Compute(answers.Labels, _probabilities, answers.ClassCount);
        Uncalibrated = calibration.Temperature == 1 ? Metrics : ClassificationMetrics.Compute(answers, temperature: 1);
        Mistakes = FindMistakes(answers, indices);
        AcceptedLabels = RejectedLabels.Of(images) is { Count: > 0 } rejected ? new AcceptedLabels(Metrics, indices, rejected) : null;
    }

    /// <summary>Asks a model about images, and judges its answers.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="normalization">Of the images it was trained on.</param>
    /// <param name="calibration">How its scores become probabilities.</param>
    /// <param name="images">The images.</param>
    /// <param name="indices">Which of them; at least one.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    public static ModelEvaluation Of(
        NetworkWeights weights, Normalization normalization, Calibration calibration, ImageSet images, int[] indices, WorkerTeam team) =>
        new(ModelEvaluator.Ask(weights, normalization, images, indices, team), calibration, images, indices);

    /// <summary>The set that the images are of.</summary>
    public ImageSet Images { get; }

    /// <summary>Which images of the set, in the order of the answers.</summary>
    public ImmutableArray<int> Indices { get; }

    /// <summary>How scores became probabilities.</summary>
    public Calibration Calibration { get; }

    /// <summary>[N, K] calibrated.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>All metrics, of the calibrated probabilities.</summary>
    public ClassificationMetrics Metrics { get; }

    /// <summary>All metrics as they were before calibration; the answers are the same.</summary>
    public ClassificationMetrics Uncalibrated { get; }

    /// <summary>Every image that was answered wrongly, surest first.</summary>
    public ImmutableArray<Mistake> Mistakes { get; }

    /// <summary>Accuracy without the images whose labels people have rejected; null if none is known.</summary>
    public AcceptedLabels? AcceptedLabels { get; }

    private ImmutableArray<Mistake> FindMistakes(LabelledLogits answers, ReadOnlySpan<int> indices)
    {
        var mistakes = new List<Mistake>();
        for (int i = 0; i < answers.Count; i++)
        {
            if (Metrics.Predictions[i] != answers.Labels[i])
            {
                mistakes.Add(new Mistake(
                    indices[i], answers.Labels[i], Metrics.Predictions[i],
                    [.. _probabilities.AsSpan(i * answers.ClassCount, answers.ClassCount)]));
            }
        }

        return [.. mistakes.OrderByDescending(mistake => mistake.Probability)];
    }
}

/// <summary>An image that was answered wrongly.</summary>
/// <param name="Index">In its set.</param>
/// <param name="Label">The class it has.</param>
/// <param name="Answer">The class it was given.</param>
/// <param name="Probabilities">[K] calibrated.</param>
public sealed record Mistake(int Index, int Label, int Answer, ImmutableArray<float> Probabilities)
{
    /// <summary>Of the answer.</summary>
    public float Probability => Probabilities[Answer];
}

/// <summary>Accuracy over the images whose labels stand.</summary>
public sealed record AcceptedLabels
{
    internal AcceptedLabels(ClassificationMetrics metrics, ReadOnlySpan<int> indices, IReadOnlySet<int> rejected)
    {
        int right = metrics.Confusion.Correct;
        Count = indices.Length;
        for (int i = 0; i < indices.Length; i++)
        {
            if (rejected.Contains(indices[i]))
            {
                Count--;
                right -= metrics.IsRight[i] ? 1 : 0;
            }
        }

        Accuracy = ClassMetrics.Share(right, Count);
        AccuracyInterval95 = ProportionInterval.Wilson95(right, Count);
    }

    /// <summary>Number of these images.</summary>
    public int Count { get; }

    /// <summary>Share of right answers.</summary>
    public double Accuracy { get; }

    /// <summary>Wilson's 95 % interval of it.</summary>
    public ProportionInterval AccuracyInterval95 { get; }
}
