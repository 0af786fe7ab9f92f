using System.Text.Json.Nodes;
using Inkling.Serialization;
using Inkling.Tests.Cli;

namespace Inkling.Tests.Verification;

/// <summary>A package is believed only as far as its rebuild goes; whatever was changed is named.</summary>
public sealed class VerifyCommandTests(TinyModel tiny)
{
    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void Verify_PackageAsTrained_HasIdenticalBytes(string threads)
    {
        CliRun run = Verify(tiny.Package, "--threads", threads, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("bytes", Grade(run));
        Assert.True(run.Json["complete"]!.GetValue<bool>());
        Assert.Equal(4, run.Json["epochs_equal"]!.GetValue<int>());
        Assert.Empty(run.Json["differences"]!.AsArray());
    }

    [Fact]
    public void Verify_Prefix_RebuildsOnlyThat()
    {
        CliRun run = Verify(tiny.Package, "--epochs", "1", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("bytes", Grade(run));
        Assert.False(run.Json["complete"]!.GetValue<bool>());
        Assert.Equal(1, run.Json["epochs_equal"]!.GetValue<int>());
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith("epoch ", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_Terminal_SaysTheVerdictFirst()
    {
        CliRun run = Verify(tiny.Package);

        Assert.StartsWith("Verdict: identical bytes\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("preprocessor_config.json")]
    [InlineData("history.jsonl")]
    [InlineData("losses.safetensors")]
    [InlineData("calibration.json")]
    public void Verify_ChangedFile_IsNamed(string name)
    {
        using var spoiled = new SpoiledPackage(tiny);
        byte[] bytes = File.ReadAllBytes(spoiled[name]);
        bytes[^2] ^= 1;
        File.WriteAllBytes(spoiled[name], bytes);

        Verify(spoiled.Path).AssertRefused(4, name, "SHA-256");
    }

    [Fact]
    public void Verify_ChangedMetrics_AreNamed()
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.Edit("metrics.json", json => json["test"]!["accuracy"] = 0.9999);

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("different", Grade(run));
        JsonArray differences = run.Json["differences"]!.AsArray();
        Assert.Equal(["metrics.json $.test.accuracy", "README.md model-index"], differences.Select(
            difference => difference!["path"]!.GetValue<string>()));
        Assert.Equal("0.9999", differences[0]!["package"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"model":{},"test":3}""")]
    [InlineData("""{"data":{"train_counts":"many"},"model":null,"test":{"per_class":{}}}""")]
    public void Verify_MetricsOfNonsense_AreDifferent(string metrics)
    {
        using var spoiled = new SpoiledPackage(tiny);
        File.WriteAllText(spoiled["metrics.json"], metrics);

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("different", Grade(run));
        Assert.NotEmpty(run.Json["differences"]!.AsArray());
    }

    [Fact]
    public void Verify_CardWithOtherFigures_IsDifferent()
    {
        using var spoiled = new SpoiledPackage(tiny);
        string card = File.ReadAllText(spoiled["README.md"]);
        int place = card.IndexOf("value: 0.", card.IndexOf("model-index", StringComparison.Ordinal), StringComparison.Ordinal);
        File.WriteAllText(spoiled["README.md"], card[..(place + 9)] + "9" + card[(place + 9)..]);

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("different", Grade(run));
        Assert.Equal("README.md model-index", Assert.Single(run.Json["differences"]!.AsArray())!["path"]!.GetValue<string>());
    }

    [Fact]
    public void Verify_CardWithOtherWords_IsToldAndNotJudged()
    {
        using var spoiled = new SpoiledPackage(tiny);
        string card = File.ReadAllText(spoiled["README.md"]);
        int line = card.Split('\n').Length;
        File.WriteAllText(spoiled["README.md"], card + "A word of mine.\n");

        CliRun run = Verify(spoiled.Path);
        CliRun json = Verify(spoiled.Path, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Verdict: identical bytes\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"README.md has other words from line {line} on", run.Output, StringComparison.Ordinal);
        Assert.Equal(line, json.Json["card_other_from_line"]!.GetValue<int>());
        Assert.Null(Verify(tiny.Package, "--epochs", "1", "--json").Json["card_other_from_line"]);
    }

    [Fact]
    public void Verify_CalibrationThatTheValidationImagesDoNotGive_IsNamed()
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.Edit("calibration.json", json => json["temperature"] = 0.9);
        string hash = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(spoiled["calibration.json"])));
        spoiled.EditLock(json => json["files"]!["calibration.json"] = hash);

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("$.files.calibration.json", Assert.Single(run.Json["differences"]!.AsArray())!["path"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one mistake in ", "one mistake in 9", false)]
    [InlineData("not measured yet", "a billion a second", true)]
    public void Verify_ChangedReport_IsNamedUnlessACircumstanceChanged(string text, string other, bool isCircumstance)
    {
        using var spoiled = new SpoiledPackage(tiny);
        string report = File.ReadAllText(spoiled["report.html"]);
        Assert.Contains(text, report, StringComparison.Ordinal);
        File.WriteAllText(spoiled["report.html"], report.Replace(text, other, StringComparison.Ordinal));

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(isCircumstance ? 0 : 1, run.ExitCode);
        Assert.Equal(isCircumstance ? [] : ["report.html"], run.Json["differences"]!.AsArray().Select(
            difference => difference!["path"]!.GetValue<string>()));
    }

    [Fact]
    public void Verify_ChangedEpochHash_StopsThereAndSaysThatTheLossesAgree()
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.EditLock(json => json["weights"]!["epochs"]![1] = new string('0', 64));

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, run.Json["epochs_equal"]!.GetValue<int>());
        Assert.Equal(2, run.Json["departure"]!["epoch"]!.GetValue<int>());
        Assert.Equal(new string('0', 64), run.Json["departure"]!["recorded"]!.GetValue<string>());
        Assert.Null(run.Json["departure"]!["loss"]);
        Assert.Null(run.Json["contradiction"]);
        Assert.DoesNotContain("\nepoch 3", run.Error, StringComparison.Ordinal);
    }

    // The first update uses the recipe's weight decay, so the second step's loss is the first to tell.
    [Fact]
    public void Verify_ChangedRecipe_DepartsAtTheStepWhereItMatters()
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.EditLock(json => json["recipe"]!["optimizer"]!["sgd"]!["weight_decay"] = 0.1);

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        JsonNode departure = run.Json["departure"]!;
        Assert.Equal(1, departure["epoch"]!.GetValue<int>());
        Assert.Equal(2, departure["loss"]!["step"]!.GetValue<int>());
        Assert.Equal(1, departure["loss"]!["chunk"]!.GetValue<int>());
        float recorded = SafeTensorsFile.Read(spoiled["losses.safetensors"]).Tensors[0].Values[4];
        Assert.Equal(recorded, departure["loss"]!["recorded"]!.GetValue<float>());
        Assert.NotEqual(recorded, departure["loss"]!["rebuilt"]!.GetValue<float>());
    }

    [Theory]
    [InlineData("seed", "$.split.hash")]
    [InlineData("normalization", "$.normalization.mean[0]")]
    [InlineData("split", "$.split.train")]
    public void Verify_LockThatContradictsItself_IsNamed(string key, string path)
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.EditLock(json =>
        {
            _ = key switch
            {
                "seed" => json["seed"] = 8,
                "normalization" => json["normalization"]!["mean"]![0] = 0.1307,
                _ => json["split"]!["train"] = 701,
            };
        });

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("different", Grade(run));
        Assert.Contains(path, run.Json["differences"]!.AsArray().Select(difference => difference!["path"]!.GetValue<string>()));
    }

    [Fact]
    public void Verify_LockWithoutAFile_IsDifferent()
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.EditLock(json => json["files"]!.AsObject().Remove("config.json"));

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            "inkling.lock.json $.files.config.json", Assert.Single(run.Json["differences"]!.AsArray())!["path"]!.GetValue<string>());
    }

    [Fact]
    public void Verify_AnotherContract_CannotVerify()
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.EditLock(json => json["contract"] = 999);

        CliRun run = Verify(spoiled.Path, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("cannot_verify", Grade(run));
        Assert.Contains("contract 999", run.Json["reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_NewerSchema_IsRefused()
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.EditLock(json => json["schema"] = 2);

        Verify(spoiled.Path).AssertRefused(4, "inkling.lock.json", "newer");
    }

    [Fact]
    public void Verify_NoSuchData_CannotVerify()
    {
        CliRun run = CliRun.Of("verify", tiny.Package, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("cannot_verify", Grade(run));
        Assert.Contains("digits", run.Json["reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OtherData_CannotVerify()
    {
        CliRun run = CliRun.Of("verify", tiny.Package, "--data", "mnist", "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("cannot_verify", Grade(run));
        Assert.StartsWith("$.data.fingerprints.train", run.Json["differences"]![0]!["path"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_AbsurdNetwork_IsRefusedBeforeItsMemoryIsTaken()
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.EditLock(json => json["recipe"]!["network"] = new JsonObject
        {
            ["resnet"] = new JsonObject
            {
                ["embedding_size"] = 4096,
                ["hidden_sizes"] = new JsonArray([.. Enumerable.Repeat(4096, 64)]),
                ["depths"] = new JsonArray([.. Enumerable.Repeat(256, 64)]),
            },
        });

        Verify(spoiled.Path).AssertRefused(70, "network");
    }

    // The last bit of one weight: other bytes, the same model for all that anyone can see.
    [Theory]
    [InlineData("predictions", 0, "predictions")]
    [InlineData("metrics", 0, "predictions")]
    [InlineData("bytes", 1, "different")]
    public void Verify_OneBitOfOneWeight_GetsTheGradeAskedFor(string require, int exitCode, string grade)
    {
        using var spoiled = new SpoiledPackage(tiny);
        spoiled.EditWeights(bytes => bytes[^4] ^= 1);

        CliRun run = Verify(spoiled.Path, "--require", require, "--json");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(grade, Grade(run));
        Assert.Equal(4, run.Json["departure"]!["epoch"]!.GetValue<int>());
    }

    // Every weight's sign of the last tensor turned: no interval holds that. A part of it: other labels, about as good.
    [Theory]
    [InlineData(1f, "metrics")]
    [InlineData(-30f, "different")]
    public void Verify_OtherWeights_AreGradedByTheirAccuracy(float shift, string grade)
    {
        using var spoiled = new SpoiledPackage(tiny);
        SafeTensorsFile file = SafeTensorsFile.Read(spoiled["model.safetensors"]);
        NamedTensor bias = file.Tensors.Single(tensor => tensor.Name == "head.bias");
        Shift(spoiled, file, bias, shift);

        CliRun run = Verify(spoiled.Path, "--require", "metrics", "--json");

        Assert.Equal(grade, Grade(run));
        Assert.Equal(grade == "metrics" ? 0 : 1, run.ExitCode);
    }

    [Fact]
    public void Verify_Interrupted_ExitsWith130()
    {
        CliRun run = CliRun.Of(Stream.Null, new CancellationToken(canceled: true), "verify", tiny.Package, "--data", tiny.Data);

        Assert.Equal(130, run.ExitCode);
    }

    [Fact]
    public void Verify_LeavesThePackageAsItWas()
    {
        using var copy = new SpoiledPackage(tiny);
        string[] before = [.. Directory.EnumerateFiles(copy.Path).Select(file => file + Convert.ToHexString(File.ReadAllBytes(file)))];

        Assert.Equal(0, Verify(copy.Path).ExitCode);

        Assert.Equal(before, Directory.EnumerateFiles(copy.Path).Select(file => file + Convert.ToHexString(File.ReadAllBytes(file))));
    }

    private CliRun Verify(string package, params string[] options) => CliRun.Of(["verify", package, "--data", tiny.Data, .. options]);

    private static string Grade(CliRun run) => run.Json["grade"]!.GetValue<string>();

    // The first class's bias; a tensor's bytes lie as the header says, in the order that the reader keeps.
    private static void Shift(SpoiledPackage spoiled, SafeTensorsFile file, NamedTensor bias, float shift)
    {
        float[] values = [.. bias.Values];
        values[0] += shift;
        byte[] changed = new SafeTensorsFile(
            file.Tensors.Select(tensor => tensor.Name == bias.Name ? tensor with { Values = values } : tensor), file.Integers).ToBytes();
        spoiled.EditWeights(bytes => changed.CopyTo(bytes, 0));
        Assert.Equal(changed.Length, new FileInfo(spoiled["model.safetensors"]).Length);
    }
}
