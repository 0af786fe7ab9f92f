using System.Text.Json.Nodes;
using Inkling.Serialization;

namespace Inkling.Quality;

/// <summary><c>quality.json</c>: the report for machines, in canonical JSON. Keys: docs/quality.md.</summary>
public static class QualityJson
{
    /// <summary>Suspected label errors that are written; those of large datasets are too many to read.</summary>
    private const int MaxLabelErrors = 5000;

    /// <summary>The canonical text.</summary>
    public static string Write(QualityReport report) => CanonicalJson.Write(ToJson(report));

    /// <summary>The tree.</summary>
    public static JsonObject ToJson(QualityReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new JsonObject
        {
            ["dataset"] = new JsonObject
            {
                ["name"] = report.Dataset.Name,
                ["classes"] = Array(report.Dataset.ClassNames.Select(name => JsonValue.Create(name))),
                ["fingerprints"] = new JsonObject(
                    report.Images.Sets.Zip(["train", "test"], (set, name) => KeyValuePair.Create(name, (JsonNode?)set.Fingerprint))),
                ["counts"] = new JsonObject(report.ClassCounts.Select(split => KeyValuePair.Create(
                    split.Key, (JsonNode?)Array(split.Value.Select(count => JsonValue.Create(count)))))),
            },
            ["worst"] = Name(report.Worst),
            ["checks"] = Array(report.Checks.Select(Check)),
            ["duplicates"] = Array(report.Duplicates.Select(group => new JsonObject
            {
                ["exact"] = group.IsExact,
                ["images"] = Array(group.Images.Select(Reference)),
            })),
            ["label_errors"] = Array((report.LabelErrors ?? []).Take(MaxLabelErrors).Select(LabelErrorJson)),
            ["label_errors_checked"] = report.LabelErrors is not null,
            ["exclusions"] = report.Exclusions.Count,
        };
    }

    /// <summary>How a verdict is spelled: <c>passed</c>, <c>note</c>, <c>warning</c>, <c>error</c>.</summary>
    public static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "passed",
        Verdict.Note => "note",
        Verdict.Warning => "warning",
        _ => "error",
    };

    private static JsonObject Check(QualityCheck check) => new()
    {
        ["id"] = check.Id,
        ["title"] = check.Title,
        ["split"] = check.Split,
        ["value"] = check.Value,
        ["threshold"] = check.Threshold,
        ["verdict"] = Name(check.Verdict),
        ["count"] = check.Count,
        ["finding"] = check.Finding,
        ["measure"] = check.Measure,
        ["examples"] = Array(check.Examples.Select(example =>
        {
            JsonObject json = Reference(example.Image);
            json["note"] = example.Note;
            json["other"] = example.Other is null ? null : Reference(example.Other);
            return json;
        })),
    };

    private static JsonObject LabelErrorJson(LabelError error) => new()
    {
        ["split"] = error.Image.Split,
        ["index"] = error.Image.Index,
        ["name"] = error.Image.Name,
        ["given"] = error.Image.Label,
        ["suggested"] = error.Suggested,
        ["score"] = error.Score,
        ["confident"] = error.IsConfident,
    };

    private static JsonObject Reference(ImageReference image) => new()
    {
        ["split"] = image.Split,
        ["index"] = image.Index,
        ["name"] = image.Name,
        ["label"] = image.Label,
    };

    private static JsonArray Array(IEnumerable<JsonNode?> items) => [.. items];
}
