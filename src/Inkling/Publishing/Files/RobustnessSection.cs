using System.Text.Json.Nodes;
using Inkling.Evaluation.Robustness;

namespace Inkling.Publishing.Files;

/// <summary><c>robustness</c> of <c>metrics.json</c>.</summary>
internal static class RobustnessSection
{
    /// <summary>The JSON of a result.</summary>
    internal static JsonObject Write(RobustnessResult result) => new()
    {
        ["name"] = MnistCLike.Name,
        ["split"] = result.Split,
        ["n"] = result.Count,
        ["clean_accuracy"] = result.CleanAccuracy,
        ["corruptions"] = new JsonArray([.. result.Corruptions.Select(score => (JsonNode)new JsonObject
        {
            ["id"] = score.Corruption.Id,
            ["severity"] = score.Corruption.Severity,
            ["accuracy"] = score.Accuracy,
            ["accuracy_interval95"] = new JsonArray(score.AccuracyInterval95.Low, score.AccuracyInterval95.High),
            ["relative_error"] = result.RelativeError(score),
        })]),
        ["mean_accuracy"] = result.MeanAccuracy,
        ["mean_error"] = result.MeanError,
        ["mean_relative_error"] = result.MeanRelativeError,
    };
}
