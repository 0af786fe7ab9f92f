using System.Text;
using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Serialization;

namespace Inkling.Publishing.Card;

/// <summary>The card's YAML, which the Hub reads. Texts are quoted: YAML would take some labels for numbers.</summary>
/// <remarks>Keys: the Hub's documentation of model cards. Every value of <c>model-index</c> is one of <c>metrics.json</c>.</remarks>
internal static class FrontMatter
{
    private static readonly (string Type, string Key, string Name)[] Results =
    [
        ("accuracy", "accuracy", "Accuracy"),
        ("precision", "precision_macro", "Macro precision"),
        ("recall", "recall_macro", "Macro recall"),
        ("f1", "f1_macro", "Macro F1"),
    ];

    internal static string Write(CardFacts facts)
    {
        var yaml = new StringBuilder("---\n");
        yaml.Append("license: mit\n");
        yaml.Append(facts.ResNet is null ? "library_name: inkling\n" : "library_name: transformers\n");
        yaml.Append("pipeline_tag: image-classification\n");
        AppendList(yaml, "tags", ["image-classification", DatasetName.Short(facts.Lock.Data.Name), "onnx", .. facts.ResNet is null ? (string[])[] : ["transformers.js"], "inkling", "reproducible"]);
        if (facts.Dataset.HubId is { } id)
        {
            AppendList(yaml, "datasets", [id]);
        }

        AppendList(yaml, "metrics", Results.Select(result => result.Type));
        AppendWidget(yaml, facts);
        AppendModelIndex(yaml, facts);
        return yaml.Append("---\n").ToString();
    }

    private static void AppendList(StringBuilder yaml, string key, IEnumerable<string> items)
    {
        yaml.Append(key).Append(":\n");
        foreach (string item in items)
        {
            yaml.Append("- ").Append(Scalar(item)).Append('\n');
        }
    }

    private static void AppendWidget(StringBuilder yaml, CardFacts facts)
    {
        if (facts.Samples.Count == 0)
        {
            return;
        }

        yaml.Append("widget:\n");
        foreach ((string file, JsonNode answer) in facts.Samples)
        {
            yaml.Append("- src: ").Append(Scalar(file)).Append('\n');
            yaml.Append("  example_title: ").Append(Scalar(answer["given"])).Append('\n');
            yaml.Append("  output:\n");
            foreach (JsonNode? entry in answer["top"]!.AsArray())
            {
                yaml.Append("  - label: ").Append(Scalar(entry!["label"])).Append('\n');
                yaml.Append("    score: ").Append(Scalar(entry["probability"])).Append('\n');
            }
        }
    }

    private static void AppendModelIndex(StringBuilder yaml, CardFacts facts)
    {
        if (facts.Test is not { } test)
        {
            return;
        }

        yaml.Append("model-index:\n");
        yaml.Append("- name: ").Append(Scalar(facts.Folder)).Append('\n');
        yaml.Append("  results:\n");
        yaml.Append("  - task:\n      type: image-classification\n      name: Image Classification\n");
        yaml.Append("    dataset:\n");
        yaml.Append("      type: ").Append(Scalar(facts.Dataset.HubId ?? facts.Lock.Data.Name)).Append('\n');
        yaml.Append("      name: ").Append(Scalar(facts.Dataset.Title)).Append('\n');
        yaml.Append("      split: test\n");
        yaml.Append("    metrics:\n");
        foreach ((string type, string key, string name) in Results)
        {
            yaml.Append("    - type: ").Append(type).Append('\n');
            yaml.Append("      value: ").Append(Scalar(test[key])).Append('\n');
            yaml.Append("      name: ").Append(name).Append('\n');
        }
    }

    // JSON's scalars are YAML's.
    private static string Scalar(JsonNode? value) => CanonicalJson.WriteLine(value);
}
