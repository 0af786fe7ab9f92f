using System.Text.Json.Nodes;
using Inkling.Serialization;
using Inkling.Tests.Support;

namespace Inkling.Tests.Cli;

public sealed class StudyCommandTests(TinyModel tiny)
{
    private static readonly string[] Header = ["contract", "data", "judged_by", "parameters", "recipe", "seeds", "summary"];

    [Fact]
    public void Study_TwoSeeds_AgreesWithTrainAndAveragesThem()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            0, CliRun.Of("train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--seed", "8", "--out", folder["p"]).ExitCode);
        JsonNode[] trained = [LastEpoch(tiny.Package), LastEpoch(folder["p"])];

        CliRun run = Study(folder["s"], "--seeds", "2", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["study.json", "times.json"], Names(folder["s"]));
        Assert.Equal([.. Header, "times"], Keys(run.Json));
        Assert.Equal(Header, Keys(Read(folder["s/study.json"])));
        JsonArray seeds = run.Json["seeds"]!.AsArray();
        Assert.Equal([7, 8], seeds.Select(seed => seed!["seed"]!.GetValue<int>()));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(trained[i]["weights_sha256"]!.GetValue<string>(), seeds[i]!["model_sha256"]!.GetValue<string>());
            Assert.Equal(trained[i]["validation_accuracy"]!.GetValue<double>(), seeds[i]!["validation"]!["accuracy"]!.GetValue<double>());
            Assert.Equal(trained[i]["validation_loss"]!.GetValue<double>(), seeds[i]!["validation"]!["nll"]!.GetValue<double>());
            Assert.Equal(100, seeds[i]!["validation"]!["n"]!.GetValue<int>());
            Assert.Null(seeds[i]!["test"]);
            Assert.True(run.Json["times"]!["seeds"]![i]!["seconds"]!.GetValue<double>() > 0);
        }

        JsonNode summary = run.Json["summary"]!;
        double mean = trained.Average(epoch => epoch["validation_accuracy"]!.GetValue<double>());
        Assert.Equal(2, summary["n"]!.GetValue<int>());
        Assert.Equal(mean, summary["validation"]!["accuracy"]!["mean"]!.GetValue<double>(), 1e-12);
        Assert.Null(summary["test"]);
    }

    [Fact]
    public void Study_WithoutTest_NeverOpensTheTestImages()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        foreach (string file in Directory.EnumerateFiles(tiny.Data))
        {
            File.Copy(file, folder["d/" + Path.GetFileName(file)]);
        }

        File.WriteAllText(folder["d/t10k-images-idx3-ubyte"], "sealed");

        CliRun chosen = CliRun.Of("study", "--seeds", "1", "--data", folder["d"], "--recipe", TinyModel.Recipe, "--out", folder["s"]);
        CliRun last = CliRun.Of(
            "study", "--seeds", "1", "--data", folder["d"], "--recipe", TinyModel.Recipe, "--out", folder["t"], "--test");

        Assert.Equal(0, chosen.ExitCode);
        Assert.Equal(3, last.ExitCode);
        Assert.Contains("t10k-images-idx3-ubyte", last.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Study_Test_LeavesPackagesThatCountOneOpeningEach()
    {
        using var folder = new TemporaryFolder();

        CliRun run = Study(folder["s"], "--seeds", "2", "--test");
        byte[] study = File.ReadAllBytes(folder["s/study.json"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["seed-7", "seed-8", "study.json", "times.json"], Names(folder["s"]));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(tiny.Package, "inkling.lock.json")), File.ReadAllBytes(folder["s/seed-7/inkling.lock.json"]));
        Assert.Equal(1, Read(folder["s/seed-8/inkling.lock.json"])["test_openings"]!.GetValue<int>());
        Assert.Contains(
            "| seed | test accuracy | wrong | NLL | validation accuracy | training | images/s |\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("| `tiny` | ", run.Output, StringComparison.Ordinal);

        // As if it had been stopped between the package and the note of it.
        JsonObject emptied = Read(folder["s/study.json"]).AsObject();
        emptied["seeds"] = new JsonArray();
        File.WriteAllText(folder["s/study.json"], CanonicalJson.Write(emptied));
        CliRun again = Study(folder["s"], "--seeds", "2", "--test");

        Assert.Equal(0, again.ExitCode);
        Assert.Equal(study, File.ReadAllBytes(folder["s/study.json"]));
        Assert.Equal(1, Read(folder["s/seed-8/inkling.lock.json"])["test_openings"]!.GetValue<int>());
        Assert.DoesNotContain("epoch", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Study_InterruptedAndGoneOnWith_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, Study(folder["whole"], "--seeds", "3", "--threads", "1").ExitCode);

        CliRun interrupted = CliRun.Of(
            Stream.Null, new CancellationToken(canceled: true), "study", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder["s"]);
        string[] left = [.. Names(folder["s"])];
        Assert.Equal(0, Study(folder["s"], "--seeds", "1", "--first-seed", "8").ExitCode);
        CliRun last = Study(folder["s"], "--seeds", "3", "--threads", "3");

        interrupted.AssertInterrupted(folder["s"], "The same command goes on.");
        Assert.Equal(["seed-7.run", "study.json", "times.json"], left);
        Assert.Equal(0, last.ExitCode);
        Assert.DoesNotContain("Seed 8, 2 of 3", last.Error, StringComparison.Ordinal);
        Assert.Equal(["study.json", "times.json"], Names(folder["s"]));
        Assert.Equal(File.ReadAllBytes(folder["whole/study.json"]), File.ReadAllBytes(folder["s/study.json"]));
    }

    [Fact]
    public void Study_FolderOfAnotherStudy_IsRefusedWithTheDifference()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["r.json"], File.ReadAllText(TinyModel.Recipe).Replace("\"epochs\": 4", "\"epochs\": 1", StringComparison.Ordinal));
        Assert.Equal(
            0, CliRun.Of("study", "--seeds", "1", "--data", tiny.Data, "--recipe", folder["r.json"], "--out", folder["s"]).ExitCode);
        byte[] study = File.ReadAllBytes(folder["s/study.json"]);

        Study(folder["s"]).AssertRefused(4, "$.recipe.epochs: 1 against 4", "Choose another output folder.");
        CliRun.Of("study", "--seeds", "1", "--data", tiny.Data, "--recipe", folder["r.json"], "--out", folder["s"], "--test")
            .AssertRefused(4, "$.judged_by");

        Assert.Equal(study, File.ReadAllBytes(folder["s/study.json"]));
    }

    [Fact]
    public void Study_FolderOfSomebodyElse_IsRefusedAndUntouched()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["s"]);
        File.WriteAllText(folder["s/thesis.tex"], "years of work");

        Study(folder["s"]).AssertRefused(4, folder["s"], "something else", "Choose another output folder.");

        Assert.Equal(["thesis.tex"], Names(folder["s"]));
        Assert.Equal(["s"], folder.Names);
    }

    [Fact]
    public void Study_NothingToJudgeBy_IsRefusedBeforeTraining()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["r.json"], File.ReadAllText(TinyModel.Recipe).Replace(
                "\"validation\": 100", "\"validation\": 0", StringComparison.Ordinal));

        CliRun.Of("study", "--data", tiny.Data, "--recipe", folder["r.json"], "--out", folder["s"])
            .AssertRefused(2, "$.split.validation", "expected images to judge by");

        Assert.Equal(["r.json"], folder.Names);
    }

    private CliRun Study(string output, params string[] more) =>
        CliRun.Of(["study", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--out", output, .. more]);

    private static JsonNode LastEpoch(string package) => JsonNode.Parse(File.ReadLines(Path.Combine(package, "history.jsonl")).Last())!;

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(file))!;

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(pair => pair.Key).Order(StringComparer.Ordinal);
}
