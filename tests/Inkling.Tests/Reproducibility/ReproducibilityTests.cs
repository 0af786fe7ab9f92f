using Inkling.Tests.Support;

namespace Inkling.Tests.Reproducibility;

/// <summary>
/// One run, trained in child processes under every condition that must not matter, gives one hash. Each child asserts that its
/// condition really holds. The hashes are golden values of numeric contract 2: they are never made anew to make a test
/// pass. A change of any bit is a new contract number, in a commit of its own that says why.
/// </summary>
public sealed class ReproducibilityTests
{
    /// <summary>200 steps of the recipe quick, with a small validation split.</summary>
    private const string Long = "cf9944371f3eb15b00fa1593d2a6c3d35b1a88ecbf8493831d2a963cd1d2e5bd";

    /// <summary>20 steps of the same.</summary>
    private const string Medium = "6955895118366ac7da50cad1727651498534a297c16bd2e79bfde2f07aecb6a4";

    /// <summary>Two steps on 80 images, for arithmetic in software.</summary>
    private const string Short = "5efb8fdfcfb88166e34730c09df0c87a7d76175a1e4a69ba13b1bc879f8419f3";

    private static readonly string[] ShortRun = ["reproducibility-short.json", "2", "2", "--images", "80"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Train_AnyNumberOfThreads_GivesTheGoldenHash(int threads) =>
        AssertGolden(Long, "release", ["reproducibility.json", "200", $"{threads}"]);

    [Fact]
    public void Train_WithoutAvx512_GivesTheGoldenHash() => AssertGolden(
        Long, "release", ["reproducibility.json", "200", "2", "--expect", "instructions=avx2"], ("DOTNET_EnableAVX512", "0"));

    [Fact]
    public void Train_DecimalComma_GivesTheGoldenHash() =>
        AssertGolden(Medium, "release", ["reproducibility.json", "20", "2", "--culture", "de-DE", "--expect", "half=0,5"]);

    [Fact]
    public void Train_WithoutTieredCompilation_GivesTheGoldenHash() => AssertGolden(
        Medium, "release", ["reproducibility.json", "20", "2", "--expect", "code=untiered"], ("DOTNET_TieredCompilation", "0"));

    [Fact]
    public void Train_ShortRun_GivesTheGoldenHash() => AssertGolden(Short, "release", ShortRun);

    [Fact]
    public void Train_DebugBuild_GivesTheGoldenHash() =>
        AssertGolden(Short, "debug", [.. ShortRun, "--expect", "build=debug"]);

    // Without FMA instructions a fused multiply-add is a call into the C library: a thousand times slower, the same bits.
    [Fact]
    public void Train_WithoutAvx2_GivesTheGoldenHash() =>
        AssertGolden(Short, "release", [.. ShortRun, "--expect", "instructions=sse"], ("DOTNET_EnableAVX2", "0"));

    [Fact]
    public void Train_WithoutAnyIntrinsics_GivesTheGoldenHash() =>
        AssertGolden(Short, "release", [.. ShortRun, "--expect", "instructions=none"], ("DOTNET_EnableHWIntrinsic", "0"));

    // A table of another contract's hashes would be worse than none: evidence/run makes it anew.
    [Fact]
    public void Evidence_Table_HoldsTheGoldenHashes()
    {
        string[] lines = File.ReadAllLines(Repository.Path("docs/evidence.md"));

        Assert.Contains(lines, line => line.StartsWith("| short |", StringComparison.Ordinal) && line.Contains(Short, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("| long |", StringComparison.Ordinal) && line.Contains(Long, StringComparison.Ordinal));
        string[] rows = [.. lines.SkipWhile(line => !line.StartsWith("| condition", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))];
        Assert.True(rows.Length >= 20, $"{rows.Length} rows");
        Assert.All(rows, row => Assert.Contains($"| `{Short[..16]}` |", row, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.True(row.Contains("|  |", StringComparison.Ordinal) || row.Contains($"| `{Long[..16]}` |", StringComparison.Ordinal), row));
    }

    // A probe that never objects would make all of the above say nothing.
    [Theory]
    [InlineData("code=untiered")]
    [InlineData("build=debug")]
    [InlineData("half=0,5")]
    public void Probe_ConditionThatDoesNotHold_IsRefused(string expected)
    {
        ChildResult result = Probe("release", [.. ShortRun, "--expect", expected]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"expected {expected}, found ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    private static void AssertGolden(string hash, string configuration, string[] args, params (string Name, string Value)[] environment)
    {
        ChildResult result = Probe(configuration, args, environment);

        Assert.Equal("", result.Error);
        Assert.Equal(hash, result.Output.Split(' ')[0]);
    }

    private static ChildResult Probe(string configuration, string[] args, params (string Name, string Value)[] environment) =>
        ChildProcess.Run(
            "dotnet",
            [Repository.Program("Inkling.ReproducibilityProbe", configuration), Fixture.Path("Reproducibility", args[0]), .. args[1..]],
            environment: environment.ToDictionary(pair => pair.Name, pair => pair.Value));
}
