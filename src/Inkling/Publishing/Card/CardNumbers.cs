using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Inkling.Publishing.Card;

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
            {Openings(facts)}. Intervals are Wilson's, at 95 %; those of macro averages come from a bootstrap.{Calibration(facts, test)}

            | | value | 95 % interval |
            |---|---|---|
            | accuracy | {Percent(test["accuracy"])} | {Interval(test["accuracy_interval95"])} |
            | right class among the two likeliest | {Percent(test["top2_accuracy"])} | {IntervalOf(test, "top2_accuracy")} |
            | macro precision | {Percent(test["precision_macro"])} | {IntervalOf(test, "precision_macro")} |
            | macro recall | {Percent(test["recall_macro"])} | {IntervalOf(test, "recall_macro")} |
            | macro F1 | {Percent(test["f1_macro"])} | {IntervalOf(test, "f1_macro")} |
            {Accepted(test)}| expected calibration error | {Percent(test["ece"])} | |
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

        return text.Append("`metrics.json` has all of them in full, and the confusion matrix; `report.html` shows them, with every mistake.\n").ToString();
    }

    private static string Openings(CardFacts facts) => facts.Lock.TestOpenings switch
    {
        1 => "there was one, to measure these figures",
        int many => string.Create(CultureInfo.InvariantCulture, $"there were {many:N0}, all of them after training"),
    };

    // Packages from before there was calibration have neither this nor the intervals below.
    private static string Calibration(CardFacts facts, JsonNode test) => (facts.Lock.Split.Validation, test["uncalibrated"]?["ece"]) switch
    {
        (_, null) => "",
        (0, _) => " Probabilities\nare the network's own, as no images were held out to fit a temperature on.",
        (_, var before) => string.Create(
            CultureInfo.InvariantCulture, $"""
             Probabilities are divided by a
            temperature of {test["temperature"]!.GetValue<double>()}, fitted on validation images: without it their calibration error is {Percent(before)}.
            """),
    };

    private static string Accepted(JsonNode test) => test["without_rejected_labels"] is not { } accepted ? "" :
        $"| accuracy without {test["n"]!.GetValue<int>() - accepted["n"]!.GetValue<int>()} labels that people rejected | {Percent(accepted["accuracy"])} | {Interval(accepted["accuracy_interval95"])} |\n";

    private static string IntervalOf(JsonNode test, string key) => test[key + "_interval95"] is { } interval ? Interval(interval) : "";

    internal static string Percent(JsonNode? share) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share!.GetValue<double>():F2} %");

    internal static string Interval(JsonNode? interval) => $"{Percent(interval![0])} to {Percent(interval[1])}";

    // A name of a class may hold what a table takes for its own.
    internal static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string Number(JsonNode? value) => value!.GetValue<double>().ToString("F4", CultureInfo.InvariantCulture);
}
