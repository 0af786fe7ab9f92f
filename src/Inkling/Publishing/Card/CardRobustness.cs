using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Inkling.Publishing.Card;

/// <summary>How the model fares on spoiled images, if that was measured.</summary>
internal static class CardRobustness
{
    /// <summary>What each text of <see cref="Rows"/> is.</summary>
    internal static IReadOnlyList<string> Headers { get; } = ["corruption", "severity", "accuracy", "95 % interval", "relative error"];

    internal static string? Write(CardFacts facts)
    {
        if (facts.Robustness is not { } robustness)
        {
            return null;
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            ## Robustness

            The same {robustness["n"]!.GetValue<int>():N0} {robustness["split"]} images, spoiled in {robustness["corruptions"]!.AsArray().Count} ways ({robustness["name"]}). Relative error is the share of mistakes, divided by that on
            the images as they are, of which {CardNumbers.Percent(robustness["clean_accuracy"])} are recognised.

            | {string.Join(" | ", Headers)} |
            |---|---:|---:|---|---:|

            """);
        foreach (string[] row in Rows(robustness))
        {
            text.Append("| ").AppendJoin(" | ", row.Select(CardNumbers.Cell)).Append(" |\n");
        }

        return text.ToString();
    }

    /// <summary>
    /// A row a corruption, and the means in a last one; a text for each of <see cref="Headers"/>, empty where there is no such figure.
    /// </summary>
    internal static IEnumerable<string[]> Rows(JsonObject robustness) =>
    [
        .. robustness["corruptions"]!.AsArray().Select(corruption => (string[])
        [
            corruption!["id"]!.GetValue<string>().Replace('_', ' '),
            corruption["severity"]?.GetValue<int>().ToString(CultureInfo.InvariantCulture) ?? "",
            CardNumbers.Percent(corruption["accuracy"]),
            CardNumbers.Interval(corruption["accuracy_interval95"]),
            Times(corruption["relative_error"]),
        ]),
        ["mean", "", CardNumbers.Percent(robustness["mean_accuracy"]), "", Times(robustness["mean_relative_error"])],
    ];

    private static string Times(JsonNode? ratio) => ratio?.GetValue<double>().ToString("F1", CultureInfo.InvariantCulture) ?? "";
}
