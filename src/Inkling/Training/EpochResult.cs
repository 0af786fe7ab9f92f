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
    string WeightsHash);
