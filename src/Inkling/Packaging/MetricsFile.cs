using System.Text.Json;
using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Quality;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Packaging;

/// <summary><c>metrics.json</c>: what a model is worth and what it cost.</summary>
public static class MetricsFile
{
    /// <summary>All sections for a model just trained.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weightsHash">SHA-256 of <c>model.safetensors</c>.</param>
    /// <param name="test">Metrics over the test images; null if the dataset has none.</param>
    /// <param name="dataset">What it was trained on.</param>
    /// <param name="data">What is known about that.</param>
    public static JsonObject Create(TrainedModel model, string weightsHash, ClassificationMetrics? test, ImageDataset dataset, DataSummary data)
    {
        var json = new JsonObject
        {
            ["data"] = DataSection(data),
            ["model"] = ModelSection(model.Weights.Network, weightsHash, dataset),
            ["train"] = new JsonObject
            {
                ["epochs"] = model.Epochs.Count,
                ["steps"] = model.Steps,
                ["seconds"] = Math.Round(model.Seconds, 3),
                ["images_per_second"] = Math.Round(model.ImagesPerSecond, 1),
            },
        };
        if (model.Epochs is [.., { ValidationAccuracy: { } accuracy, ValidationLoss: { } loss }])
        {
            json["validation"] = new JsonObject { ["accuracy"] = accuracy, ["nll"] = loss, ["n"] = model.Split.Validation.Length };
        }

        if (test is not null)
        {
            json["test"] = Section(test, dataset.ClassNames);
        }

        return json;
    }

    /// <summary>The metrics of one split.</summary>
    public static JsonObject Section(ClassificationMetrics metrics, IReadOnlyList<string> classNames) => new()
    {
        ["n"] = metrics.Count,
        ["accuracy"] = metrics.Accuracy,
        ["accuracy_interval95"] = Interval(metrics.AccuracyInterval95),
        ["top2_accuracy"] = metrics.TopTwoAccuracy,
        ["precision_macro"] = metrics.MacroPrecision,
        ["recall_macro"] = metrics.MacroRecall,
        ["f1_macro"] = metrics.MacroF1,
        ["nll"] = metrics.NegativeLogLikelihood,
        ["brier"] = metrics.Brier,
        ["ece"] = metrics.ExpectedCalibrationError,
        ["per_class"] = new JsonArray([.. metrics.PerClass.Select(c => PerClass(c, classNames[c.Label]))]),
        ["confusion_matrix"] = ConfusionMatrix(metrics.Confusion),
    };

    /// <summary>Figures of one split that aren't what its own confusion matrix gives.</summary>
    /// <param name="section">As <see cref="Section"/> writes it.</param>
    internal static IEnumerable<JsonDifference> Contradictions(JsonObject section)
    {
        if (Counts(section["confusion_matrix"]) is not { Total: > 0 } matrix)
        {
            return [new JsonDifference("$.confusion_matrix", "something else", "a matrix of counts")];
        }

        ClassMetrics[] classes = [.. Enumerable.Range(0, matrix.ClassCount).Select(label => new ClassMetrics(matrix, label))];
        var given = new JsonObject
        {
            ["n"] = matrix.Total,
            ["accuracy"] = (double)matrix.Correct / matrix.Total,
            ["accuracy_interval95"] = Interval(ProportionInterval.Wilson95(matrix.Correct, matrix.Total)),
            ["precision_macro"] = classes.Average(c => c.Precision),
            ["recall_macro"] = classes.Average(c => c.Recall),
            ["f1_macro"] = classes.Average(c => c.F1),
            ["per_class"] = new JsonArray([.. classes.Select(c => PerClass(c, LabelOf(section, c.Label)))]),
        };
        return JsonDifference.Between(new JsonObject(given.Select(figure => KeyValuePair.Create(figure.Key, section[figure.Key]?.DeepClone()))), given);
    }

    /// <summary>Writes <c>metrics.json</c>, beside and renamed.</summary>
    public static void Write(string path, JsonObject metrics) => AtomicFile.Write(path, CanonicalJson.Write(metrics));

    /// <summary>Reads <c>metrics.json</c>.</summary>
    /// <exception cref="ModelFormatException">It isn't a JSON object.</exception>
    internal static JsonObject Read(string path)
    {
        try
        {
            return (JsonObject)JsonNode.Parse(File.ReadAllBytes(path))!;
        }
        catch (Exception e) when (e is JsonException or InvalidCastException)
        {
            throw new ModelFormatException(path, "a JSON object", "something else", "Delete the file and evaluate again.", e);
        }
    }

    private static JsonObject DataSection(DataSummary data) => new()
    {
        ["train_counts"] = PackageJson.Array(data.TrainCounts),
        ["test_counts"] = data.TestCounts is { } counts ? PackageJson.Array(counts) : null,
        ["train_copies"] = data.TrainCopies,
        ["test_copies_of_train"] = data.TestCopiesOfTrain,
        ["contradictory_copies"] = data.ContradictoryCopies,
    };

    private static string LabelOf(JsonObject section, int label) =>
        section["per_class"] is JsonArray classes && label < classes.Count
            && classes[label] is JsonObject figures && figures["label"] is JsonValue value && value.TryGetValue(out string? name) ? name : "";

    private static ConfusionMatrix? Counts(JsonNode? matrix)
    {
        try
        {
            return matrix.Deserialize<int[][]>() is { } counts ? Evaluation.ConfusionMatrix.FromCounts(counts) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject ModelSection(Network network, string weightsHash, ImageDataset dataset) => new()
    {
        ["parameters"] = network.ParameterCount,
        ["macs"] = network.MultiplyAdds,
        ["sha256"] = weightsHash,
        ["image_height"] = dataset.Height,
        ["image_width"] = dataset.Width,
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
    };

    private static JsonArray ConfusionMatrix(ConfusionMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.ClassCount).Select(label =>
            (JsonNode)new JsonArray([.. Enumerable.Range(0, matrix.ClassCount).Select(prediction => (JsonNode)matrix[label, prediction])]))];

    private static JsonArray Interval(ProportionInterval interval) => [interval.Low, interval.High];
}
