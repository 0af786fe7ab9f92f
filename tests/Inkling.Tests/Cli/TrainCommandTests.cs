using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inkling.Tests.Support;

namespace Inkling.Tests.Cli;

public sealed class TrainCommandTests(TinyModel tiny)
{
    private static readonly string[] Files =
    [
        "config.json", "history.jsonl", "inkling.lock.json", "losses.safetensors", "metrics.json", "model.safetensors", "preprocessor_config.json",
    ];

    [Fact]
    public void Train_TinyFolder_LeavesAWholePackageAndNothingElse()
    {
        using var folder = new TemporaryFolder();

        CliRun run = CliRun.Of("train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder["p"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["p"], folder.Names);
        Assert.Superset(Files.ToHashSet(), Directory.EnumerateFiles(folder["p"]).Select(file => Path.GetFileName(file)!).ToHashSet());
        Assert.Contains(Hash(folder["p/model.safetensors"]), run.Output, StringComparison.Ordinal);
        Assert.Contains($"Package: {folder["p"]}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_TinyFolder_LocksTheHashesOfItsFilesAndData()
    {
        JsonNode packageLock = ReadJson("inkling.lock.json");

        JsonObject files = packageLock["files"]!.AsObject();
        Assert.Superset(new HashSet<string> { "config.json", "model.safetensors", "preprocessor_config.json", "history.jsonl", "onnx/model.onnx", "onnx/model_with_preprocessing.onnx" }, files.Select(file => file.Key).ToHashSet());
        Assert.All(files, file => Assert.Equal(Hash(Path.Combine(tiny.Package, file.Key)), file.Value!.GetValue<string>()));
        Assert.All(
            packageLock["data"]!["files"]!.AsObject(),
            file => Assert.Equal(Hash(Path.Combine(tiny.Data, file.Key)), file.Value!.GetValue<string>()));
        Assert.Equal(4, packageLock["data"]!["files"]!.AsObject().Count);
        Assert.Equal(4, packageLock["weights"]!["epochs"]!.AsArray().Count);
        Assert.Equal(Hash(Path.Combine(tiny.Package, "model.safetensors")), packageLock["weights"]!["epochs"]![3]!.GetValue<string>());
        Assert.Equal(1, packageLock["test_openings"]!.GetValue<int>());
    }

    [Fact]
    public void Train_TinyFolder_LearnsAndWritesItsMetrics()
    {
        JsonNode metrics = ReadJson("metrics.json");

        JsonNode test = metrics["test"]!;
        Assert.Superset(
            new HashSet<string>
            {
                "accuracy", "precision_macro", "recall_macro", "f1_macro", "per_class", "confusion_matrix", "ece", "accuracy_interval95", "n",
            },
            test.AsObject().Select(key => key.Key).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "seconds", "images_per_second" }, metrics["train"]!.AsObject().Select(key => key.Key).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "parameters", "macs", "sha256" }, metrics["model"]!.AsObject().Select(key => key.Key).ToHashSet());
        Assert.Equal(TinyModel.TestImages, test["n"]!.GetValue<int>());
        Assert.Equal(TinyModel.TestImages, test["confusion_matrix"]!.AsArray().Sum(row => row!.AsArray().Sum(n => n!.GetValue<int>())));
        Assert.Equal(10, test["per_class"]!.AsArray().Count);
        Assert.InRange(test["accuracy"]!.GetValue<double>(), 0.6, 1);
        Assert.Equal(Hash(Path.Combine(tiny.Package, "model.safetensors")), metrics["model"]!["sha256"]!.GetValue<string>());
        Assert.Equal(4, File.ReadLines(Path.Combine(tiny.Package, "history.jsonl")).Count());
    }

    [Fact]
    public void Train_Twice_GivesTheSameBytesButForTheTimings()
    {
        using var folder = new TemporaryFolder();

        CliRun run = CliRun.Of("train", "--data", tiny.Data, "--recipe", CopyOfRecipe(folder), "--out", folder["p"], "--threads", "3");

        Assert.Equal(0, run.ExitCode);
        string[] same =
        [
            .. Directory.EnumerateFiles(folder["p"], "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder["p"], file))
                .Where(name => name != "metrics.json"),
        ];
        Assert.Superset(new HashSet<string> { "inkling.lock.json", "losses.safetensors", "onnx/model.onnx", "onnx/model_with_preprocessing.onnx" }, same.ToHashSet());
        Assert.All(same, name => Assert.Equal(Hash(Path.Combine(tiny.Package, name)), Hash(folder["p/" + name])));
        Assert.Equal(WithoutTimings(ReadJson("metrics.json")), WithoutTimings(JsonNode.Parse(File.ReadAllText(folder["p/metrics.json"]))!));
    }

    [Fact]
    public void Train_OtherSeed_GivesOtherWeightsAndLocksTheSeed()
    {
        using var folder = new TemporaryFolder();

        CliRun run = CliRun.Of("train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--seed", "18446744073709551615", "--max-steps", "3", "--out", folder["p"]);

        Assert.Equal(0, run.ExitCode);
        JsonNode packageLock = JsonNode.Parse(File.ReadAllText(folder["p/inkling.lock.json"]))!;
        Assert.Equal(ulong.MaxValue, packageLock["seed"]!.GetValue<ulong>());
        Assert.Equal(3, packageLock["weights"]!["steps"]!.GetValue<int>());
        Assert.NotEqual(ReadJson("inkling.lock.json")["weights"]!["initial"]!.GetValue<string>(), packageLock["weights"]!["initial"]!.GetValue<string>());
    }

    [Fact]
    public void Train_Json_WritesTheMetricsFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();

        CliRun run = CliRun.Of(
            "train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--max-steps", "2", "--out", folder["p"], "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(File.ReadAllText(folder["p/metrics.json"]), run.Output);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(folder["p/metrics.json"])), run.Json));
    }

    [Fact]
    public void Train_OverItsOwnPackage_ReplacesItAndKeepsOtherFiles()
    {
        using var folder = new TemporaryFolder();
        tiny.CopyTo(folder["p"]);
        File.WriteAllText(folder["p/notes.txt"], "mine");

        CliRun run = CliRun.Of("train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--max-steps", "2", "--out", folder["p"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("mine", File.ReadAllText(folder["p/notes.txt"]));
        Assert.NotEqual(Hash(Path.Combine(tiny.Package, "model.safetensors")), Hash(folder["p/model.safetensors"]));
        Assert.Equal(["p"], folder.Names);
    }

    [Fact]
    public void Train_Interrupted_ExitsWith130AndKeepsWhatWasThere()
    {
        using var folder = new TemporaryFolder();
        tiny.CopyTo(folder["p"]);

        CliRun run = CliRun.Of(Stream.Null, new CancellationToken(canceled: true), "train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder["p"]);

        Assert.Equal(130, run.ExitCode);
        Assert.EndsWith("with --resume goes on.\n", run.Error, StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(tiny.Package),
            file => Assert.Equal(Hash(file), Hash(folder["p/" + Path.GetFileName(file)])));
        Assert.Equal(["p", "p.run"], folder.Names);
    }

    private static string CopyOfRecipe(TemporaryFolder folder)
    {
        File.Copy(TinyModel.Recipe, folder["another-name.json"]);
        return folder["another-name.json"];
    }

    private JsonNode ReadJson(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(tiny.Package, name)))!;

    private static string WithoutTimings(JsonNode metrics)
    {
        Assert.True(metrics["train"]!.AsObject().Remove("seconds"));
        Assert.True(metrics["train"]!.AsObject().Remove("images_per_second"));
        return metrics.ToJsonString();
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
