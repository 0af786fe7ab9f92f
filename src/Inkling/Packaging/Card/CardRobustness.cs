using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Inkling.Packaging.Card;

/// <summary>How the model fares on spoiled test images, if that was measured.</summary>
internal static class CardRobustness
{
    internal static string? Write(CardFacts facts)
    {
        if (facts.Metrics["robustness"] is not JsonObject robustness || robustness["corruptions"] is not JsonArray { Count: > 0 } corruptions)
        {
            return null;
        }

        int[] severities = [.. corruptions.Select(Severity).Distinct().Order()];
        var text = new StringBuilder("## Robustness\n\nThe share of the test images that are recognised when they are spoiled, by kind and severity.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| corruption | {string.Join(" | ", severities)} |\n|---|{string.Concat(severities.Select(_ => "---|"))}\n");
        foreach (IGrouping<string, JsonNode?> kind in corruptions.GroupBy(corruption => corruption!["id"]!.GetValue<string>()))
        {
            IEnumerable<string> cells = severities.Select(severity =>
                kind.FirstOrDefault(corruption => Severity(corruption) == severity) is { } found ? CardNumbers.Percent(found["accuracy"]) : "");
            text.Append(CultureInfo.InvariantCulture, $"| {CardNumbers.Cell(kind.Key.Replace('_', ' '))} | {string.Join(" | ", cells)} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"""

            On average {CardNumbers.Percent(robustness["mean_accuracy"])}. `{PackageFiles.Metrics}` has the interval of each, and the errors relative to clean images.

            """).ToString();
    }

    private static int Severity(JsonNode? corruption) => corruption!["severity"]!.GetValue<int>();
}
