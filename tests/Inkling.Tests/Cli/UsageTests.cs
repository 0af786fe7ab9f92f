using Inkling.Tests.Support;

namespace Inkling.Tests.Cli;

/// <summary>What is wrong with the command line itself: exit code 2, before any work.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("'fly'", "fly")]
    [InlineData("--wings", "train", "--wings", "2")]
    [InlineData("--threads", "train", "--threads", "many")]
    [InlineData("--threads: expected 1 to 256, got 0", "train", "--threads", "0")]
    [InlineData("--threads: expected 1 to 256, got 257", "evaluate", "p", "--threads", "257")]
    [InlineData("--network: expected basic, bn, resnet, best, ", "bench", "--network", "nothing")]
    [InlineData("--seed", "train", "--seed", "-1")]
    [InlineData("--seed", "train", "--seed", "1.5")]
    [InlineData("--max-steps: expected at least 1, got 0", "train", "--max-steps", "0")]
    [InlineData("--max-steps", "train", "--max-steps", "ten")]
    [InlineData("--top: expected 1 to 10000, got 0", "predict", "p", "i.png", "--top", "0")]
    [InlineData("'dev'", "evaluate", "p", "--split", "dev")]
    [InlineData("--seeds: expected 1 to 10000, got 0", "study", "--seeds", "0")]
    [InlineData("--first-seed", "study", "--first-seed", "-1")]
    [InlineData("--out", "study", "--out", "")]
    [InlineData("'train'", "compare", "a", "b", "--split", "train")]
    [InlineData("compare", "compare", "a")]
    [InlineData("--examples: expected --corruptions", "evaluate", "p", "--examples", "e.png")]
    [InlineData("evaluate", "evaluate")]
    [InlineData("predict", "predict", "p")]
    [InlineData("--data", "train", "--data", "")]
    [InlineData("--out", "train", "--out", "")]
    [InlineData("IMAGE", "predict", "p", "")]
    [InlineData("unknown recipe; known are", "train", "--recipe", "slow")]
    [InlineData("the file doesn't exist", "train", "--recipe", "absent.json")]
    public void Run_FaultyLine_ExitsWithTwoAndNamesTheFault(string words, params string[] args) =>
        CliRun.Of(args).AssertRefused(2, words);

    [Fact]
    public void Train_FaultyRecipeFile_TellsAllFaults()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["r.json"],
            File.ReadAllText(TinyModel.Recipe)
                .Replace("\"seed\": 7", "\"seed\": -7", StringComparison.Ordinal)
                .Replace("\"epochs\": 4", "\"epochs\": 0", StringComparison.Ordinal)
                .Replace("\"out_channels\": 16", "\"out_chanels\": 16", StringComparison.Ordinal));

        CliRun run = CliRun.Of("train", "--recipe", folder["r.json"], "--out", folder["p"]);

        run.AssertRefused(2, "r.json", "$.seed (line 4)", "$.epochs (line 25)", "out_chanels", "out_channels");
        Assert.Equal(["r.json"], folder.Names);
    }

    [Fact]
    public void Study_FaultyRecipeFile_TellsAllFaults()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["r.json"],
            File.ReadAllText(TinyModel.Recipe)
                .Replace("\"label_smoothing\": 0.05", "\"label_smoothing\": 1.5", StringComparison.Ordinal)
                .Replace("\"momentum\": 0.9", "\"momentum\": 1", StringComparison.Ordinal)
                .Replace("\"chunk_size\": 16", "\"chunk_size\": 24, \"luck\": 1", StringComparison.Ordinal));

        CliRun.Of("study", "--recipe", folder["r.json"], "--out", folder["s"]).AssertRefused(
            2, "$.luck (line ", "unknown key", "$.loss.label_smoothing (line ", "found 1.5", "$.optimizer.sgd.momentum (line ", "$.batch_size (line ");

        Assert.Equal(["r.json"], folder.Names);
    }

    [Fact]
    public void Train_RecipeThatDoesNotFitItsImages_ExitsWithTwo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["r.json"], File.ReadAllText(TinyModel.Recipe).Replace("\"classes\"", "7", StringComparison.Ordinal));

        CliRun.Of("train", "--recipe", folder["r.json"], "--out", folder["p"])
            .AssertRefused(2, "$.network", "expected 10 logits", "found 7");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("train", "--help")]
    [InlineData("predict", "-h")]
    public void Run_AskedForHelp_ExplainsOnStandardOutput(params string[] args)
    {
        CliRun run = CliRun.Of(args);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Run_Verbose_AddsWhereTheErrorCameFrom()
    {
        CliRun run = CliRun.Of("evaluate", "nothing-here", "--verbose");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("   at Inkling.", run.Error, StringComparison.Ordinal);
    }
}
