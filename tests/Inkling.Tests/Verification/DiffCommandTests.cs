using System.Text.Json.Nodes;
using Inkling.Tests.Cli;
using Inkling.Tests.Hub;
using Inkling.Tests.Support;

namespace Inkling.Tests.Verification;

public sealed class DiffCommandTests(TinyModel tiny)
{
    [Fact]
    public void Diff_SameModelFromAnotherMachine_IsNone()
    {
        using var copy = new SpoiledPackage(tiny);
        copy.EditLock(json =>
        {
            json["machine"]!["processors"] = 96;
            json["product"]!["commit"] = "another";
            json["test_openings"] = 5;
        });
        copy.Edit("metrics.json", json => json["train"]!["seconds"] = 1e6);

        CliRun run = CliRun.Of("diff", tiny.Package, copy.Path);

        Assert.Equal("The same, whatever machine and program they are from.\n", run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Diff_AnotherSeed_ComesBeforeItsEffects()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            0, CliRun.Of("train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--seed", "8", "--out", folder["p"]).ExitCode);

        CliRun run = CliRun.Of("diff", tiny.Package, folder["p"], "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.False(run.Json["same"]!.GetValue<bool>());
        string[] paths = [.. run.Json["lock"]!.AsArray().Select(difference => difference!["path"]!.GetValue<string>())];
        Assert.Equal("$.seed", paths[0]);
        Assert.Equal("$.split.hash", paths[1]);
        Assert.Equal("$.weights.initial", paths.First(path => path.StartsWith("$.weights", StringComparison.Ordinal)));
        Assert.Equal(1, run.Json["loss"]!["step"]!.GetValue<int>());
        Assert.Equal("conv1.weight", run.Json["tensor"]!["tensor"]!.GetValue<string>());
        Assert.NotEmpty(run.Json["metrics"]!.AsArray());
    }

    [Fact]
    public void Diff_LockFiles_NeedNoPackage()
    {
        using var folder = new TemporaryFolder();
        JsonNode other = JsonNode.Parse(File.ReadAllText(Path.Combine(tiny.Package, "inkling.lock.json")))!;
        other["recipe"]!["epochs"] = 5;
        File.WriteAllText(folder["b.json"], other.ToJsonString());

        CliRun run = CliRun.Of("diff", Path.Combine(tiny.Package, "inkling.lock.json"), folder["b.json"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("$.recipe.epochs: A 4, B 5\n", run.Output);
    }

    [Fact]
    public async Task Diff_ModelThatShipsAndOneOnTheHub_AreFound()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();

        CliRun same = scene.Run("diff", HubScene.Id, scene.Package);
        CliRun other = scene.Run("diff", "default", HubScene.Id);

        Assert.Equal("The same, whatever machine and program they are from.\n", same.Output);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("$.recipe.name: A \"standard\", B \"tiny\"", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Diff_TextOfAPackage_CantCommandTheTerminal()
    {
        using var copy = new SpoiledPackage(tiny);
        copy.EditLock(json => json["recipe"]!["description"] = "\u001b[2J\u009bx");

        CliRun run = CliRun.Of("diff", tiny.Package, copy.Path);

        Assert.Contains("$.recipe.description", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
    }

    [Fact]
    public void Diff_NoSuchPackage_IsRefused()
    {
        using var folder = new TemporaryFolder();

        CliRun.Of("diff", tiny.Package, folder["nothing"]).AssertRefused(4, "nothing");
    }
}
