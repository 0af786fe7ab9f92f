using System.Text.Json.Nodes;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Packaging;

/// <summary>The same training, written twice where everything differs that must not matter, leaves the same bytes.</summary>
public sealed class CanonicalFilesTests(TinyModel tiny)
{
    // Comma decimals, an i whose capital is İ, and a date that is a day ahead of most of the world.
    private static readonly Dictionary<string, string> FarAway = new()
    {
        ["LC_ALL"] = "tr_TR.UTF-8",
        ["TZ"] = "Pacific/Kiritimati",
    };

    private static readonly Dictionary<string, string> Nearby = new() { ["LC_ALL"] = "C", ["TZ"] = "UTC" };

    [Fact]
    public void Train_AnotherFolderCultureAndTimeZone_WritesTheSameBytesButForTimings()
    {
        using var here = new TemporaryFolder();
        using var there = new TemporaryFolder();
        string package = Train(here["package"], here["digits"], "1", Nearby);
        string other = Train(there["somewhere/else/my model"], there["a folder/digits"], "3", FarAway);

        string[] files = FilesOf(package);

        Assert.Equal(files, FilesOf(other));
        Assert.Superset(new HashSet<string> { "model.safetensors", "config.json", "inkling.lock.json", "metrics.json" }, files.ToHashSet());
        Assert.All(
            files.Where(file => file != "metrics.json"),
            file => Assert.True(
                File.ReadAllBytes(Path.Combine(package, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(other, file))), file));
        Assert.Equal(WithoutTimings(package), WithoutTimings(other));
    }

    // Without this the test above could compare two runs under one culture and never know.
    [Fact]
    public void Environment_FarAway_ReachesAChildProcess()
    {
        ChildResult result = ChildProcess.Run(
            "dotnet",
            [Repository.Program("Inkling.ReproducibilityProbe", "release"), Fixture.Path("Reproducibility", "reproducibility-short.json"),
                "1", "2", "--images", "80", "--expect", "half=0,5", "--expect", "capital-i=İ", "--expect", "utc-offset=14:00:00"],
            environment: FarAway);

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    private string Train(string package, string data, string threads, Dictionary<string, string> environment)
    {
        Directory.CreateDirectory(data);
        foreach (string file in Directory.EnumerateFiles(tiny.Data))
        {
            File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        }

        // The command itself knows only the invariant culture; whoever uses the library has one. So it is given one here.
        string program = Repository.Program("Inkling.Cli", "release");
        string cultured = Path.Combine(data, "..", "cultured.runtimeconfig.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(program, ".runtimeconfig.json")))!;
        config["runtimeOptions"]!["configProperties"]!["System.Globalization.Invariant"] = false;
        config["runtimeOptions"]!["configProperties"]!["System.Globalization.PredefinedCulturesOnly"] = false;
        File.WriteAllText(cultured, config.ToJsonString());

        ChildResult result = ChildProcess.Run(
            "dotnet",
            ["exec", "--runtimeconfig", cultured, program,
                "train", "--data", data, "--recipe", TinyModel.Recipe, "--out", package, "--threads", threads],
            environment: environment);
        Assert.True(result.ExitCode == 0, result.Error);
        return package;
    }

    private static string[] FilesOf(string package) =>
    [
        .. Directory.EnumerateFiles(package, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(package, file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The one file that may differ, and the only two values in it.</summary>
    private static string WithoutTimings(string package)
    {
        JsonNode metrics = JsonNode.Parse(File.ReadAllText(Path.Combine(package, "metrics.json")))!;
        Assert.True(metrics["train"]!.AsObject().Remove("seconds"));
        Assert.True(metrics["train"]!.AsObject().Remove("images_per_second"));
        return metrics.ToJsonString();
    }
}
