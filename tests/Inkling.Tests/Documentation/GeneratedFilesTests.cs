using System.Text.Json.Nodes;
using Inkling.Serialization;
using Inkling.Tests.Cli;
using Inkling.Tests.Documentation.Generation;
using Inkling.Tests.Support;

namespace Inkling.Tests.Documentation;

/// <summary>What README.md shows of artefacts is what they say today. If not: <c>docs/generate</c>.</summary>
public sealed class GeneratedFilesTests
{
    [Fact]
    public void GeneratedFiles_AreThoseOfTheArtefacts() => Assert.All(
        GeneratedFiles.Of(Repository.Root),
        file => Assert.True(file.Text == File.ReadAllText(Repository.Path(file.Path)), $"{file.Path} is out of date: run docs/generate"));

    /// <summary>Makes them anew: what <c>docs/generate</c> runs.</summary>
    [Fact(Explicit = true)]
    public void GeneratedFiles_AreWritten()
    {
        foreach ((string path, string text) in GeneratedFiles.Of(Repository.Root))
        {
            AtomicFile.Write(Repository.Path(path), text);
        }
    }

    [Fact]
    public void AugmentationPicture_IsWhatDataPreviewDraws()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(0, CliRun.Of("data", "preview", "mnist", "--images", "12", "--out", folder["p.png"]).ExitCode);

        Assert.Equal(File.ReadAllBytes(folder["p.png"]), File.ReadAllBytes(Repository.Path("docs/images/augmentation.png")));
    }

    /// <summary>All but the label errors, which take minutes; that they are the same every time is a test of their own.</summary>
    [Fact]
    public void QualityOfMnist_IsWhatDataCheckFinds()
    {
        using var folder = new TemporaryFolder();
        JsonNode committed = JsonNode.Parse(File.ReadAllText(Repository.Path("docs/mnist-quality.json")))!;

        JsonNode found =
            CliRun.Of("data", "check", "mnist", "--no-label-errors", "--fail-on", "never", "--out", folder["q"], "--json").Json;

        Assert.True(committed["label_errors_checked"]!.GetValue<bool>());
        Assert.Equal(Comparable(committed).ToJsonString(), Comparable(found).ToJsonString());
    }

    [Fact]
    public void Fill_MarkWithoutBlock_IsRefused()
    {
        var blocks = new Dictionary<string, string> { ["a"] = "1" };

        Assert.Equal(
            "x\n<!-- generated: a -->\n1\n<!-- end -->\n", MarkedBlocks.Fill("x\n<!-- generated: a -->\nold\n<!-- end -->\n", blocks));
        Assert.Contains("b", Assert.Throws<InvalidDataException>(() => MarkedBlocks.Fill("<!-- generated: b -->\n<!-- end -->", blocks)).Message, StringComparison.Ordinal);
    }

    private static JsonObject Comparable(JsonNode quality) => new()
    {
        ["dataset"] = quality["dataset"]!.DeepClone(),
        ["duplicates"] = quality["duplicates"]!.DeepClone(),
        ["checks"] = new JsonArray(
            [.. quality["checks"]!.AsArray().Where(check => (string)check!["id"]! != "label_errors").Select(check => check!.DeepClone())]),
    };
}
