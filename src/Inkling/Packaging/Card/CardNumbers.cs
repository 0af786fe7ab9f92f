using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Inkling.Packaging.Card;

/// <summary>The card's figures: all from <c>metrics.json</c>.</summary>
internal static class CardNumbers
{
    /// <summary>More classes than this are told by their averages alone.</summary>
    private const int MaxClasses = 30;

    internal static string? Write(CardFacts facts)
    {
        if (facts.Test is not { } test)
        {
            return null;
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            ## Figures

            Over all {test["n"]!.GetValue<int>():N0} test images of {facts.Dataset.Title}. They stay sealed until training is over, and every look at them is counted:
            {Openings(facts)}. Intervals are Wilson's, at 95 %.

            | | value | 95 % interval |
            |---|---|---|
            | accuracy | {Percent(test["accuracy"])} | {Interval(test["accuracy_interval95"])} |
            | right class among the two likeliest | {Percent(test["top2_accuracy"])} | |
            | macro precision | {Percent(test["precision_macro"])} | |
            | macro recall | {Percent(test["recall_macro"])} | |
            | macro F1 | {Percent(test["f1_macro"])} | |
            | expected calibration error | {Percent(test["ece"])} | |
            | negative log-likelihood | {Number(test["nll"])} | |
            | Brier score | {Number(test["brier"])} | |


            """);
        JsonArray classes = test["per_class"]!.AsArray();
        if (classes.Count <= MaxClasses)
        {
            text.Append("| class | images | precision | 95 % interval | recall | 95 % interval |\n|---|---|---|---|---|---|\n");
            foreach (JsonNode? c in classes)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {Cell(c!["label"]!.GetValue<string>())} | {c["support"]} | {Percent(c["precision"])} | {Interval(c["precision_interval95"])} | {Percent(c["recall"])} | {Interval(c["recall_interval95"])} |\n");
            }

            text.Append('\n');
        }

        return text.Append("`metrics.json` has all of them in full, and the confusion matrix.\n").ToString();
    }

    private static string Openings(CardFacts facts) => facts.Lock.TestOpenings switch
    {
        1 => "there was one, to measure these figures",
        int many => string.Create(CultureInfo.InvariantCulture, $"there were {many:N0}, all of them after training"),
    };

    internal static string Percent(JsonNode? share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share!.GetValue<double>():F2} %");

    internal static string Interval(JsonNode? interval) => $"{Percent(interval![0])} to {Percent(interval[1])}";

    // A name of a class may hold what a table takes for its own.
    internal static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string Number(JsonNode? value) => value!.GetValue<double>().ToString("F4", CultureInfo.InvariantCulture);
}
