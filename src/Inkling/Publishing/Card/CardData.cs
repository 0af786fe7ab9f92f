using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Inkling.Publishing.Card;

/// <summary>What the model was made from and judged by, and how good that is: from <c>metrics.json</c> and the lock.</summary>
internal static class CardData
{
    internal static string? Write(CardFacts facts)
    {
        if (facts.Metrics["data"] is not JsonObject data)
        {
            return null;
        }

        var text = new StringBuilder("## Data\n\n| images | count | smallest class | largest class |\n|---|---|---|---|\n");
        AppendRow(text, "to learn and to choose by", data["train_counts"]!.AsArray());
        if (data["test_counts"] is JsonArray test)
        {
            AppendRow(text, "to be judged by", test);
        }

        text.Append(CultureInfo.InvariantCulture, $"""

            {Images(data["train_copies"], "No training image", "training image")} equal to another pixel by pixel, {Images(data["test_copies_of_train"], "no test image", "test image")} equal to a training image, and of all images
            {data["contradictory_copies"]!.GetValue<int>():N0} have a copy under another label. {Exclusions(facts)} Copies, near ones as well, never
            lie on both sides of the line between training and validation. Pixels are normalised by mean and deviation of the images that
            trained, and of no other ({Numbers(facts.Lock.Normalization.Mean)} and {Numbers(facts.Lock.Normalization.StandardDeviation)} of full white).

            """);
        return text.Append(facts.Dataset.Labels is { } labels ? $"\n{labels}\n" : "").ToString();
    }

    private static void AppendRow(StringBuilder text, string what, JsonArray counts)
    {
        int[] sizes = [.. counts.Select(count => count!.GetValue<int>())];
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {sizes.Sum():N0} | {sizes.Min():N0} | {sizes.Max():N0} |\n");
    }

    private static string Images(JsonNode? count, string none, string image) => count!.GetValue<int>() switch
    {
        0 => $"{none} is",
        1 => $"1 {image} is",
        int many => string.Create(CultureInfo.InvariantCulture, $"{many:N0} {image}s are"),
    };

    private static string Exclusions(CardFacts facts) => facts.Lock.Data.Exclusions is { } exclusions
        ? string.Create(CultureInfo.InvariantCulture, $"{exclusions.Count:N0} training images were left out by a list.")
        : "None was left out.";

    private static string Numbers(IReadOnlyList<double> values) =>
        string.Join(", ", values.Select(value => value.ToString("F4", CultureInfo.InvariantCulture)));
}
