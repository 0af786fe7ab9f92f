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
    private const string Long = "54574ebd13e991c0451dafb6cee3a4dc3649f076fa907dfc320012ed1bace7b5";

    /// <summary>20 steps of the same.</summary>
    private const string Medium = "db514d714ad92968f44378b5acb4dee998050a6087952faee14169f413f3f3eb";

    /// <summary>Two steps on 80 images, for arithmetic in software.</summary>
    private const string Short = "e06d781fdfa64d2bf19084f73c92cff61adcf434d2647c2f499a3376d823e4d0";

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
        Long, "release", ["reproducibility.json", "200", "2", "--without", "avx512"], ("DOTNET_EnableAVX512", "0"));

    [Fact]
    public void Train_DecimalComma_GivesTheGoldenHash() =>
        AssertGolden(Medium, "release", ["reproducibility.json", "20", "2", "--culture", "de-DE"]);

    [Fact]
    public void Train_WithoutTieredCompilation_GivesTheGoldenHash() => AssertGolden(
        Medium, "release", ["reproducibility.json", "20", "2", "--without", "tiers"], ("DOTNET_TieredCompilation", "0"));

    [Fact]
    public void Train_ShortRun_GivesTheGoldenHash() => AssertGolden(Short, "release", ShortRun);

    [Fact]
    public void Train_DebugBuild_GivesTheGoldenHash() =>
        AssertGolden(Short, "debug", [.. ShortRun, "--without", "optimizer"]);

    // Without FMA instructions a fused multiply-add is a call into the C library: a thousand times slower, the same bits.
    [Fact]
    public void Train_WithoutAvx2_GivesTheGoldenHash() =>
        AssertGolden(Short, "release", [.. ShortRun, "--without", "avx2"], ("DOTNET_EnableAVX2", "0"));

    [Fact]
    public void Train_WithoutAnyIntrinsics_GivesTheGoldenHash() =>
        AssertGolden(Short, "release", [.. ShortRun, "--without", "all"], ("DOTNET_EnableHWIntrinsic", "0"));

    // A probe that never objects would make all of the above say nothing.
    [Theory]
    [InlineData("tiers")]
    [InlineData("optimizer")]
    public void Probe_FeatureThatIsOn_IsNotTakenForOff(string feature)
    {
        ChildResult result = Probe("release", [.. ShortRun, "--without", feature]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"{feature} is on", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    private static void AssertGolden(string hash, string configuration, string[] args, params (string Name, string Value)[] environment)
    {
        ChildResult result = Probe(configuration, args, environment);

        Assert.Equal("", result.Error);
        Assert.Equal(hash, result.Output.Trim());
    }

    private static ChildResult Probe(string configuration, string[] args, params (string Name, string Value)[] environment) =>
        ChildProcess.Run(
            "dotnet",
            [Repository.Program("Inkling.ReproducibilityProbe", configuration), Fixture.Path("Reproducibility", args[0]), .. args[1..]],
            environment: environment.ToDictionary(pair => pair.Name, pair => pair.Value));
}
