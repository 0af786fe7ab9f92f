using System.Text.Json.Nodes;
using Inkling.Tests.Data.Idx;
using Inkling.Tests.Support;

namespace Inkling.Tests.Cli;

public sealed class CompareCommandTests(TinyModel tiny)
{
    private static readonly string[] Keys =
    [
        "a", "b", "both_right", "both_wrong", "difference", "difference_interval95", "differences", "n", "only_a_right", "only_b_right",
        "outcome", "p_value", "split",
    ];

    [Fact]
    public void Compare_WithABarelyTrainedModel_CountsAsTheConfusionMatricesDo()
    {
        using var folder = new TemporaryFolder();
        tiny.CopyTo(folder["a"]);
        Train(folder["b"], "--max-steps", "2");

        CliRun run = CliRun.Of("compare", folder["a"], folder["b"], "--data", tiny.Data, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        JsonNode json = run.Json;
        Assert.Equal(Keys, json.AsObject().Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal("better", json["outcome"]!.GetValue<string>());
        Assert.Equal(Accuracy(folder["a"]), json["a"]!["accuracy"]!.GetValue<double>());
        Assert.Equal(Accuracy(folder["b"]), json["b"]!["accuracy"]!.GetValue<double>());
        Assert.Equal(TinyModel.TestImages, new[] { "both_right", "only_a_right", "only_b_right", "both_wrong" }.Sum(
            key => json[key]!.GetValue<int>()));
        Assert.Equal(
            json["only_a_right"]!.GetValue<int>(),
            json["differences"]!.AsArray().Count(
                image => Text(image, "label") == Text(image, "a") && Text(image, "a") != Text(image, "b")));
        Assert.All(json["differences"]!.AsArray(), image => Assert.Equal(
            TinyModel.Test.Labels[image!["index"]!.GetValue<int>()].ToString(System.Globalization.CultureInfo.InvariantCulture), Text(
                image, "label")));
        Assert.Equal((2, 2), (Openings(folder["a"]), Openings(folder["b"])));
        Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Package, "metrics.json")), File.ReadAllBytes(folder["a/metrics.json"]));
    }

    [Fact]
    public void Compare_InWords_BeginsWithThePlainSentence()
    {
        using var folder = new TemporaryFolder();
        tiny.CopyTo(folder["a"]);
        tiny.CopyTo(folder["same"]);
        Train(folder["b"], "--max-steps", "2");

        CliRun better = CliRun.Of("compare", folder["a"], folder["b"], "--data", tiny.Data);
        CliRun worse = CliRun.Of("compare", folder["b"], folder["a"], "--data", tiny.Data);
        CliRun equal = CliRun.Of("compare", folder["a"], folder["same"], "--data", tiny.Data, "--split", "validation");

        Assert.StartsWith($"A ({folder["a"]}) is better than B ({folder["b"]}) on these 150 test images: McNemar's exact test, p ", better.Output, StringComparison.Ordinal);
        Assert.StartsWith($"A ({folder["b"]}) is worse than B ({folder["a"]})", worse.Output, StringComparison.Ordinal);
        Assert.StartsWith($"A ({folder["a"]}) and B ({folder["same"]}) are not distinguishable on these 100 validation images", equal.Output, StringComparison.Ordinal);
        Assert.Contains("only A 0, only B 0", equal.Output, StringComparison.Ordinal);
        Assert.Equal(1, Openings(folder["same"]));
    }

    [Fact]
    public void Compare_DefaultWithFolder_LeavesWhatShipsAlone()
    {
        using var folder = new TemporaryFolder();
        tiny.CopyTo(folder["a"]);

        CliRun.Of("compare", "default", folder["a"]).AssertRefused(4, "a model of the same data", "--data");
        CliRun run = CliRun.Of("compare", "default", folder["a"], "--data", tiny.Data, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(TinyModel.TestImages, run.Json["n"]!.GetValue<int>());
        Assert.Equal(2, Openings(folder["a"]));
    }

    [Fact]
    public void Compare_ValidationOfOtherSeeds_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Train(folder["b"], "--max-steps", "2", "--seed", "8");

        CliRun.Of("compare", tiny.Package, folder["b"], "--data", tiny.Data, "--split", "validation").AssertRefused(
            4, folder["b"], "one has trained on what the other hasn't");
    }

    [Fact]
    public void Compare_OtherClasses_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        File.WriteAllBytes(folder["d/train-images-idx3-ubyte"], IdxBytes.Images(200, 28, 28));
        File.WriteAllBytes(folder["d/train-labels-idx1-ubyte"], IdxBytes.Labels([.. Enumerable.Range(0, 200).Select(i => (byte)(i % 3))]));
        Assert.Equal(
            0, CliRun.Of("train", "--data", folder["d"], "--recipe", TinyModel.Recipe, "--max-steps", "1", "--out", folder["b"]).ExitCode);

        CliRun.Of("compare", tiny.Package, folder["b"]).AssertRefused(
            4, "the classes of", "0, 1, 2, 3, 4, 5, 6, 7, 8, 9", "others (0, 1, 2)");
        CliRun.Of("compare", tiny.Package, tiny.Package, "--data", folder["d"]).AssertRefused(3, "10 classes", "3 and 1");
    }

    [Fact]
    public void Compare_NoPackage_IsRefused() =>
        CliRun.Of("compare", tiny.Package, "nothing-here").AssertRefused(4, "nothing-here", "a package folder");

    private void Train(string package, params string[] more) => Assert.Equal(
        0, CliRun.Of(["train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--out", package, .. more]).ExitCode);

    private static double Accuracy(string package) => Read(package, "metrics.json")["test"]!["accuracy"]!.GetValue<double>();

    private static int Openings(string package) => Read(package, "inkling.lock.json")["test_openings"]!.GetValue<int>();

    private static JsonNode Read(string package, string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(package, file)))!;

    private static string Text(JsonNode? node, string key) => node![key]!.GetValue<string>();
}
