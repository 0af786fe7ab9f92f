using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Evaluation;
using Inkling.Evaluation.Robustness;
using Inkling.Packages;
using Inkling.Quality;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Publishing.Files;

/// <summary><c>metrics.json</c>: what a model is worth and what it cost.</summary>
public static class MetricsFile
{
    /// <summary>Of the section that only an evaluation on this machine writes: no part of what equal models have equal.</summary>
    public const string Speed = "speed";

    /// <summary>Of the section about corrupted images, which only an evaluation that was asked for it writes.</summary>
    public const string Robustness = "robustness";

    private static readonly JsonForm<IReadOnlyList<int>> Counts = JsonForm.List(JsonForm.Integer());

    /// <summary>All sections for a model just trained.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weightsHash">SHA-256 of <c>model.safetensors</c>.</param>
    /// <param name="validation">Over the validation images; null if there are none.</param>
    /// <param name="test">Over the test images; null if the dataset has none.</param>
    /// <param name="dataset">What it was trained on.</param>
    /// <param name="data">What is known about that.</param>
    internal static JsonObject Create(
        TrainedModel model, string weightsHash, ModelEvaluation? validation, ModelEvaluation? test, ImageDataset dataset, DataSummary data)
    {
        var json = new JsonObject
        {
            ["data"] = DataSection(data),
            ["model"] = ModelSection(model, weightsHash, dataset),
            ["train"] = new JsonObject
            {
                ["epochs"] = model.Epochs.Count,
                ["steps"] = model.Steps,
                ["seconds"] = Math.Round(model.Seconds, 3),
                ["images_per_second"] = Math.Round(model.ImagesPerSecond, 1),
            },
        };
        foreach ((string split, ModelEvaluation? evaluation) in new[] { ("validation", validation), ("test", test) })
        {
            if (evaluation is not null)
            {
                json[split] = Section(evaluation, dataset.ClassNames);
            }
        }

        return json;
    }

    /// <summary>What is said about one split.</summary>
    public static JsonObject Section(ModelEvaluation evaluation, IReadOnlyList<string> classNames) =>
        MetricsSection.Write(evaluation, classNames);

    /// <summary>What is said about speed.</summary>
    public static JsonObject Section(InferenceSpeed speed) => new()
    {
        ["images_per_second"] = Math.Round(speed.ImagesPerSecond, 1),
        ["milliseconds_per_image"] = Math.Round(speed.MillisecondsPerImage, 3),
        ["threads"] = speed.Threads,
    };

    /// <summary>What is said about corrupted images.</summary>
    public static JsonObject Section(RobustnessResult robustness) => RobustnessSection.Write(robustness);

    /// <summary>Writes <c>metrics.json</c>, beside and renamed.</summary>
    public static void Write(string path, JsonObject metrics) => AtomicFile.Write(path, CanonicalJson.Write(metrics));

    /// <summary>Reads <c>metrics.json</c>.</summary>
    /// <exception cref="ModelFormatException">It isn't a JSON object.</exception>
    internal static JsonObject Read(string path) => PackageJson.ReadObject(path, "Delete the file and evaluate again.");

    /// <summary>
    /// Makes something of figures, which are asked for by their names: one that isn't there, or is something else, ends here.
    /// </summary>
    /// <param name="folder">The package that has them.</param>
    /// <param name="make">What is made.</param>
    /// <param name="nextStep">What the user can do if it can't be.</param>
    /// <exception cref="ModelFormatException">They aren't the figures that Inkling writes.</exception>
    internal static T Guard<T>(string folder, Func<T> make, string nextStep = "Take the package again from where it came.")
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or FormatException
            or ArgumentOutOfRangeException)
        {
            throw new ModelFormatException(
                Path.Combine(folder, PackageFiles.Metrics), "the figures that Inkling writes", "others", nextStep, e);
        }
    }

    private static JsonObject DataSection(DataSummary data) => new()
    {
        ["train_counts"] = Counts.Write(data.TrainCounts),
        ["test_counts"] = JsonForm.OrNull(Counts).Write(data.TestCounts),
        ["train_copies"] = data.TrainCopies,
        ["test_copies_of_train"] = data.TestCopiesOfTrain,
        ["contradictory_copies"] = data.ContradictoryCopies,
    };

    private static JsonObject ModelSection(TrainedModel model, string weightsHash, ImageDataset dataset) => new()
    {
        ["parameters"] = model.Weights.Network.ParameterCount,
        ["macs"] = model.Weights.Network.MultiplyAdds,
        ["bytes"] = model.WeightsFile.Length,
        ["sha256"] = weightsHash,
        ["image_height"] = dataset.Height,
        ["image_width"] = dataset.Width,
    };
}
