using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.Rendering;
using Inkling.Serialization;

namespace Inkling.Publishing;

/// <summary>A few test images that come with a package, each with the model's answer, right or wrong: what a card shows.</summary>
internal static class SampleImages
{
    private const int Top = 3;

    /// <summary>Of an image's pixels: a card isn't a gallery.</summary>
    private const int MostBytes = 1 << 16;

    /// <summary>The first image of each of the first classes that come up.</summary>
    internal static int[] Choose(ImageSet images) => images.Channels is 1 or 3 && images.ImageLength <= MostBytes
        ? [.. Enumerable.Range(0, images.Count).DistinctBy(i => images.Labels[i]).Take(PackageFiles.Samples.Count)]
        : [];

    /// <summary>Writes the pictures.</summary>
    internal static void Write(PackageFolder folder, ImageSet images)
    {
        foreach ((string name, int index) in PackageFiles.Samples.Zip(Choose(images)))
        {
            AtomicFile.Write(folder.StagedFile(name), PngFile.Write(images.Image(index), images.Channels, images.Height, images.Width));
        }
    }

    /// <summary>What the model says about them, for <c>metrics.json</c>.</summary>
    /// <param name="evaluation">Of all images of its set.</param>
    /// <param name="classes">Their names.</param>
    internal static JsonObject Answers(ModelEvaluation evaluation, IReadOnlyList<string> classes)
    {
        int[] chosen = Choose(evaluation.Images);
        return new JsonObject(chosen.Select((index, i) => KeyValuePair.Create(PackageFiles.Samples[i], (JsonNode?)new JsonObject
        {
            ["given"] = classes[evaluation.Images.Labels[index]],
            ["top"] = new JsonArray([.. Ranking(evaluation.Probabilities.Slice(index * classes.Count, classes.Count).ToArray(), classes)]),
        })));
    }

    private static IEnumerable<JsonNode> Ranking(float[] probabilities, IReadOnlyList<string> classes) => probabilities
        .Select((probability, label) => (Probability: probability, Name: classes[label]))
        .OrderByDescending(entry => entry.Probability)
        .Take(Top)
        .Select(entry => (JsonNode)new JsonObject { ["label"] = entry.Name, ["probability"] = entry.Probability });
}
