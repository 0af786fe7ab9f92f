using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Engine.Execution;
using Inkling.Evaluation;
using Inkling.Serialization;

namespace Inkling.Packaging;

/// <summary>A few test images that come with a package, each with the model's answer, right or wrong: what a card shows.</summary>
internal static class SampleImages
{
    private const int Top = 3;

    /// <summary>The first image of each of the first classes that come up.</summary>
    internal static int[] Choose(ImageSet images) => SamplePng.Fits(images)
        ? [.. Enumerable.Range(0, images.Count).DistinctBy(i => images.Labels[i]).Take(PackageFiles.Samples.Count)]
        : [];

    /// <summary>Writes the pictures.</summary>
    internal static void Write(PackageFolder folder, ImageSet images)
    {
        foreach ((string name, int index) in PackageFiles.Samples.Zip(Choose(images)))
        {
            AtomicFile.Write(folder.StagedFile(name), SamplePng.Write(images, index));
        }
    }

    /// <summary>What the model says about them, for <c>metrics.json</c>.</summary>
    internal static JsonObject Answers(
        NetworkWeights weights, Normalization normalization, ImageSet images, IReadOnlyList<string> classes, WorkerTeam team)
    {
        int[] chosen = Choose(images);
        float[] probabilities = new float[chosen.Length * classes.Count];
        using var predictor = new Predictor(weights, team);
        predictor.Predict(new EvaluationImages(images, normalization), chosen, probabilities);
        return new JsonObject(chosen.Select((index, i) => KeyValuePair.Create(PackageFiles.Samples[i], (JsonNode?)new JsonObject
        {
            ["given"] = classes[images.Labels[index]],
            ["top"] = new JsonArray([.. Ranking(probabilities.AsSpan(i * classes.Count, classes.Count).ToArray(), classes)]),
        })));
    }

    private static IEnumerable<JsonNode> Ranking(float[] probabilities, IReadOnlyList<string> classes) => probabilities
        .Select((probability, label) => (Probability: probability, Name: classes[label]))
        .OrderByDescending(entry => entry.Probability)
        .Take(Top)
        .Select(entry => (JsonNode)new JsonObject { ["label"] = entry.Name, ["probability"] = entry.Probability });
}
