using Inkling.Tests.Support;

namespace Inkling.Tests.Reproducibility;

/// <summary>
/// One run, trained in child processes under every condition that must not matter, gives one hash. Each child asserts that its
/// condition really holds. The hashes are golden values of numeric contract 3: they are never made anew to make a test
/// pass. A change of any bit is a new contract number, in a commit of its own that says why.
/// </summary>
public sealed class ReproducibilityTests
{
    /// <summary>200 steps of the recipe quick, with a small validation split.</summary>
    private const string Long = "54574ebd13e991c0451dafb6cee3a4dc3649f076fa907dfc320012ed1bace7b5";

    /// <summary>20 steps of the same.</summary>
    private const string Medium = "db514d714ad92968f44378b5acb4dee998050a6087952faee14169f413f3f3eb";

    /// <summary>Two steps on 80 images, for arithmetic in software.</summary>
    private const string Short = "e06d781fdfa64d2bf19084f73c92cff61adcf434d2647c2f499a3376d823e4d0";

    /// <summary>20 steps of the first recipe with Muon.</summary>
    private const string Muon = "50e37502baa28ce193b1435c6e2d1fd778720d668fdc9f205d4cda30b3b45ef3";

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
    public void Train_Muon_GivesTheGoldenHash() => AssertGolden(Muon, "release", ["reproducibility-muon.json", "20", "3"]);

    [Fact]
    public void Train_MuonWithoutAvx512_GivesTheGoldenHash() => AssertGolden(
        Muon, "release", ["reproducibility-muon.json", "20", "2", "--expect", "instructions=avx2"], ("DOTNET_EnableAVX512", "0"));

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

        Assert.Contains(
            lines, line => line.StartsWith("| short |", StringComparison.Ordinal) && line.Contains(Short, StringComparison.Ordinal));
        Assert.Contains(
            lines, line => line.StartsWith("| long |", StringComparison.Ordinal) && line.Contains(Long, StringComparison.Ordinal));
        string[] rows = [.. lines.SkipWhile(line => !line.StartsWith("| condition", StringComparison.Ordinal)).Skip(2).TakeWhile(
            line => line.StartsWith('|'))];
        Assert.True(rows.Length >= 20, $"{rows.Length} rows");
        Assert.All(rows, row => Assert.Contains($"| `{Short[..16]}` |", row, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.True(
            row.Contains("|  |", StringComparison.Ordinal) || row.Contains($"| `{Long[..16]}` |", StringComparison.Ordinal), row));
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
