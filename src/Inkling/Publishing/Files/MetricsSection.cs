using System.Text.Json.Nodes;
using Inkling.Evaluation;
using Inkling.Serialization;
using Inkling.Packages;
using Inkling.Statistics;

namespace Inkling.Publishing.Files;

/// <summary>What <c>metrics.json</c> says about one split. Keys: docs/formats.md#metricsjson.</summary>
internal static class MetricsSection
{
    /// <summary>More mistakes than these are counted, and not listed.</summary>
    private const int MostMistakes = 1000;

    /// <summary>Shares of the images, in thousandths, that an abstention curve is told at: closest where most mistakes are.</summary>
    private static readonly int[] Thousandths = [1000, 999, 998, 995, 990, 980, 970, 960, 950, 925, 900, 850, 800, 750, 700, 600, 500, 400,
        300, 200, 100];

    internal static JsonObject Write(ModelEvaluation evaluation, IReadOnlyList<string> classNames)
    {
        ClassificationMetrics metrics = evaluation.Metrics;
        var json = new JsonObject
        {
            ["top2_accuracy"] = metrics.TopTwoAccuracy,
            ["top2_accuracy_interval95"] = Interval(metrics.TopTwoInterval95),
            ["temperature"] = evaluation.Calibration.Temperature,
            ["uncalibrated"] = Probabilities(evaluation.Uncalibrated),
            ["reliability"] = new JsonObject { ["equal_width"] = Bins(metrics.EqualWidth), ["equal_mass"] = Bins(metrics.EqualMass) },
            ["abstention"] = Abstention(metrics.Abstention, evaluation.Calibration),
            ["mistakes"] = new JsonArray(
                [.. evaluation.Mistakes.Take(MostMistakes).Select(mistake => (JsonNode)Mistake(mistake, classNames))]),
        };
        foreach ((string key, JsonNode? value) in Probabilities(metrics)
            .Concat(Counts(metrics.Confusion, metrics.PerClass, metrics.MacroIntervals95, label => classNames[label])))
        {
            json[key] = value?.DeepClone();
        }

        if (evaluation.AcceptedLabels is { } accepted)
        {
            json["without_rejected_labels"] = new JsonObject
            {
                ["n"] = accepted.Count,
                ["accuracy"] = accepted.Accuracy,
                ["accuracy_interval95"] = Interval(accepted.AccuracyInterval95),
            };
        }

        return json;
    }

    /// <summary>Figures of one split that aren't what its own confusion matrix gives.</summary>
    /// <param name="section">As <see cref="Write"/> makes it.</param>
    internal static IEnumerable<JsonDifference> Contradictions(JsonObject section)
    {
        if (MatrixOf(section["confusion_matrix"]) is not { Total: > 0 } matrix)
        {
            return [new JsonDifference("$.confusion_matrix", "something else", "a matrix of counts")];
        }

        ClassMetrics[] classes = [.. Enumerable.Range(0, matrix.ClassCount).Select(label => new ClassMetrics(matrix, label))];
        JsonObject given = Counts(matrix, classes, MacroBootstrap.Intervals95(matrix), label => LabelOf(section, label));
        return JsonDifference.Between(
            new JsonObject(given.Select(figure => KeyValuePair.Create(figure.Key, section[figure.Key]?.DeepClone()))), given);
    }

    /// <summary>All that a confusion matrix decides.</summary>
    private static JsonObject Counts(ConfusionMatrix matrix, IReadOnlyList<ClassMetrics> classes, MacroIntervals macro,
        Func<int, string> className) => new()
    {
        ["n"] = matrix.Total,
        ["accuracy"] = (double)matrix.Correct / matrix.Total,
        ["accuracy_interval95"] = Interval(ProportionInterval.Wilson95(matrix.Correct, matrix.Total)),
        ["precision_macro"] = classes.Average(c => c.Precision),
        ["precision_macro_interval95"] = Interval(macro.Precision),
        ["recall_macro"] = classes.Average(c => c.Recall),
        ["recall_macro_interval95"] = Interval(macro.Recall),
        ["f1_macro"] = classes.Average(c => c.F1),
        ["f1_macro_interval95"] = Interval(macro.F1),
        ["per_class"] = new JsonArray([.. classes.Select(c => PerClass(c, className(c.Label)))]),
        ["confusion_matrix"] = CountsOf(matrix),
    };

    private static string LabelOf(JsonObject section, int label) =>
        section["per_class"] is JsonArray classes && label < classes.Count
            && classes[label] is JsonObject figures && figures["label"] is JsonValue value && value.TryGetValue(out string? name)
                ? name
                : "";

    private static ConfusionMatrix? MatrixOf(JsonNode? matrix)
    {
        int[]?[]? counts = matrix is JsonArray rows ? [.. rows.Select(RowOf)] : null;
        return counts is null || counts.Contains(null) ? null : ConfusionMatrix.FromCounts(counts!);
    }

    private static int[]? RowOf(JsonNode? row) =>
        row is JsonArray counts && counts.All(count => count is JsonValue value && value.TryGetValue(out int _))
            ? [.. counts.Select(count => count!.GetValue<int>())]
            : null;

    private static JsonObject Probabilities(ClassificationMetrics metrics) => new()
    {
        ["nll"] = metrics.NegativeLogLikelihood,
        ["brier"] = metrics.Brier,
        ["ece"] = metrics.EqualWidth.Error,
        ["ece_equal_mass"] = metrics.EqualMass.Error,
    };

    private static JsonArray Bins(ReliabilityDiagram diagram) =>
    [
        .. diagram.Bins.Select(bin => (JsonNode)new JsonObject
        {
            ["low"] = bin.Low,
            ["high"] = bin.High,
            ["n"] = bin.Count,
            ["confidence"] = bin.Confidence,
            ["accuracy"] = bin.Accuracy,
        }),
    ];

    private static JsonObject Abstention(AbstentionCurve curve, Calibration calibration)
    {
        int? answered = calibration.Threshold is { } threshold ? curve.Answered(threshold) : null;
        return new JsonObject
        {
            ["area"] = curve.Area,
            ["threshold"] = calibration.Threshold,
            ["coverage"] = answered is { } some ? (double)some / curve.Count : null,
            ["risk"] = answered is { } given ? curve.Risk(given) : null,
            ["curve"] = new JsonArray([.. Thousandths.Select(share => (int)((long)curve.Count * share / 1000))
            .Select(count => (JsonNode)new JsonObject
            {
                ["coverage"] = (double)count / curve.Count,
                ["risk"] = curve.Risk(count),
            })]),
        };
    }

    private static JsonObject Mistake(Mistake mistake, IReadOnlyList<string> classNames) => new JsonObject
    {
        ["index"] = mistake.Index,
        ["label"] = classNames[mistake.Label],
        ["answer"] = classNames[mistake.Answer],
        ["probability"] = mistake.Probability,
        ["label_probability"] = mistake.Probabilities[mistake.Label],
    };

    private static JsonObject PerClass(ClassMetrics metrics, string name) => new()
    {
        ["label"] = name,
        ["support"] = metrics.Support,
        ["predicted"] = metrics.Predicted,
        ["precision"] = metrics.Precision,
        ["precision_interval95"] = Interval(metrics.PrecisionInterval95),
        ["recall"] = metrics.Recall,
        ["recall_interval95"] = Interval(metrics.RecallInterval95),
        ["f1"] = metrics.F1,
        ["f1_interval95"] = Interval(metrics.F1Interval95),
    };

    private static JsonArray CountsOf(ConfusionMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.ClassCount).Select(label =>
            (JsonNode)new JsonArray(
                [.. Enumerable.Range(0, matrix.ClassCount).Select(prediction => (JsonNode)matrix[label, prediction])]))];

    private static JsonArray Interval(ProportionInterval interval) => [interval.Low, interval.High];
}
