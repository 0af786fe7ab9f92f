using System.Text.Json.Nodes;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Packaging;

/// <summary><c>history.jsonl</c>: one line an epoch, the same bytes on every machine.</summary>
public static class HistoryFile
{
    /// <summary>The canonical text.</summary>
    public static string Write(IEnumerable<EpochResult> epochs) =>
        string.Concat(epochs.Select(epoch => CanonicalJson.WriteLine(ToJson(epoch)) + "\n"));

    private static JsonObject ToJson(EpochResult epoch) => new()
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
}
