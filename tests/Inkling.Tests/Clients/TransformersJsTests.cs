using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Tests.Support;
using SkiaSharp;

namespace Inkling.Tests.Clients;

/// <summary>Hugging Face's transformers.js, unmodified, on a package as it was trained.</summary>
public sealed class TransformersJsTests(ResNetModel model)
{
    /// <summary>0.1 points of 1,000 images.</summary>
    private const int MaxDifferent = 1;

    [Fact]
    public void Pipeline_ThousandGreyPictures_IsAsRightAsTheEngine()
    {
        using var folder = new TemporaryFolder();
        string[] pictures = [.. Enumerable.Range(0, ResNetModel.TestImages).Select(i => Write(folder[$"{i}.png"], i))];

        string[] labels = [.. Classify(folder, pictures).Select(ranking => ranking![0]!["label"]!.GetValue<string>())];

        int correct = labels.Index().Count(answer => answer.Item == $"{ResNetModel.Test.Labels[answer.Index]}");
        JsonNode metrics = JsonNode.Parse(File.ReadAllText(Path.Combine(model.Package, PackageFiles.Metrics)))!["test"]!;
        int ours = ResNetModel.TestImages - (int)Math.Round((1 - metrics["accuracy"]!.GetValue<double>()) * ResNetModel.TestImages);
        Assert.Equal(ResNetModel.TestImages, metrics["n"]!.GetValue<int>());
        Assert.InRange(ours, 900, ResNetModel.TestImages);
        Assert.InRange(correct, ours - MaxDifferent, ours + MaxDifferent);
    }

    [Fact]
    public void Pipeline_SamePictureInGreyRgbAndRgba_GivesTheSameProbabilities()
    {
        using var folder = new TemporaryFolder();
        var pictures = new List<string>();
        for (int i = 0; i < 25; i++)
        {
            byte[] pixels = ResNetModel.Test.Image(i).ToArray();
            pictures.Add(Write(folder[$"{i}-grey.png"], i));
            pictures.Add(folder[$"{i}-rgb.png"]);
            Picture.WriteGreyAsColour(pictures[^1], 28, 28, pixels, SKAlphaType.Opaque);
            pictures.Add(folder[$"{i}-rgba.png"]);
            Picture.WriteGreyAsColour(pictures[^1], 28, 28, pixels, SKAlphaType.Unpremul);
        }

        // The kinds of file are what they say: colour type 0 is grey, 2 RGB, 6 RGBA.
        Assert.Equal([0, 2, 6], pictures[..3].Select(path => File.ReadAllBytes(path)[25]).Select(type => (int)type));

        double[][] scores = [.. Classify(folder, pictures).Select(
            ranking => ranking!.AsArray().Select(entry => entry!["score"]!.GetValue<double>()).ToArray())];

        for (int i = 0; i < scores.Length; i += 3)
        {
            Assert.All(scores[i].Zip(scores[i + 1]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            Assert.All(scores[i].Zip(scores[i + 2]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    private JsonArray Classify(TemporaryFolder folder, IEnumerable<string> pictures)
    {
        File.WriteAllLines(folder["pictures"], pictures);
        return JsonNode.Parse(NodeProgram.Run(model.Models, "classify.mjs", ResNetModel.Name, folder["pictures"]))!.AsArray();
    }

    private static string Write(string path, int index)
    {
        Picture.WriteGrey(path, 28, 28, ResNetModel.Test.Image(index).ToArray());
        return path;
    }
}
