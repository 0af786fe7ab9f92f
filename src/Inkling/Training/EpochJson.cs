using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inkling.Training;

/// <summary>The JSON form of an <see cref="EpochResult"/>, both ways: a line of <c>history.jsonl</c>, a part of a checkpoint.</summary>
internal static class EpochJson
{
    internal static JsonObject Write(EpochResult epoch) => new()
    {
        ["epoch"] = epoch.Epoch,
        ["steps"] = epoch.Steps,
        ["learning_rate"] = epoch.LearningRate,
        ["train_loss"] = epoch.TrainLoss,
        ["train_accuracy"] = epoch.TrainAccuracy,
        ["validation_loss"] = epoch.ValidationLoss,
        ["validation_accuracy"] = epoch.ValidationAccuracy,
        ["weights_sha256"] = epoch.WeightsHash,
    };

    /// <exception cref="JsonException">A key is missing.</exception>
    /// <exception cref="InvalidOperationException">A value is of another type.</exception>
    internal static EpochResult Read(JsonElement epoch) => new(
        epoch.GetProperty("epoch").GetInt32(),
        epoch.GetProperty("steps").GetInt32(),
        epoch.GetProperty("learning_rate").GetDouble(),
        epoch.GetProperty("train_loss").GetDouble(),
        epoch.GetProperty("train_accuracy").GetDouble(),
        NumberOrNull(epoch.GetProperty("validation_loss")),
        NumberOrNull(epoch.GetProperty("validation_accuracy")),
        epoch.GetProperty("weights_sha256").GetString()!);

    private static double? NumberOrNull(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetDouble();
}
