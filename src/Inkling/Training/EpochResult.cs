using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Training;

/// <summary>What an epoch ended with; one line of <c>history.jsonl</c>.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Steps">Steps taken since the start of the run.</param>
/// <param name="LearningRate">Of the epoch's last step.</param>
/// <param name="TrainLoss">Mean over the epoch's batches, each before its own update.</param>
/// <param name="TrainAccuracy">Share of augmented training images that were right, each before its own update.</param>
/// <param name="ValidationLoss">Mean negative log-likelihood; null without a validation split.</param>
/// <param name="ValidationAccuracy">Null without a validation split.</param>
/// <param name="WeightsHash">SHA-256 of <c>model.safetensors</c> as it would be written now.</param>
public sealed record EpochResult(
    int Epoch,
    int Steps,
    double LearningRate,
    double TrainLoss,
    double TrainAccuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    string WeightsHash)
{
    private static readonly JsonForm<double> Share = Number(0, 1);

    private static readonly JsonForm<double> NotNegative = Number(0, float.MaxValue);

    /// <summary>A line of <c>history.jsonl</c>, a part of a checkpoint.</summary>
    internal static JsonShape<EpochResult> Json { get; } = new JsonShape<EpochResult>(new(0, 0, 0, 0, 0, null, null, ""))
        .Required("epoch", Integer(1), x => x.Epoch, (x, v) => x with { Epoch = v })
        .Required("steps", Integer(), x => x.Steps, (x, v) => x with { Steps = v })
        .Required("learning_rate", NotNegative, x => x.LearningRate, (x, v) => x with { LearningRate = v })
        .Required("train_loss", NotNegative, x => x.TrainLoss, (x, v) => x with { TrainLoss = v })
        .Required("train_accuracy", Share, x => x.TrainAccuracy, (x, v) => x with { TrainAccuracy = v })
        .Required("validation_loss", NumberOrNull(NotNegative), x => x.ValidationLoss, (x, v) => x with { ValidationLoss = v })
        .Required("validation_accuracy", NumberOrNull(Share), x => x.ValidationAccuracy, (x, v) => x with { ValidationAccuracy = v })
        .Required("weights_sha256", Text, x => x.WeightsHash, (x, v) => x with { WeightsHash = v });
}
