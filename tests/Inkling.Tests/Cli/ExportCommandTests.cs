using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inkling.Tests.Support;

namespace Inkling.Tests.Cli;

public sealed class ExportCommandTests(TinyModel tiny)
{
    private const string Plain = "onnx/model.onnx";
    private const string WithPreprocessing = "onnx/model_with_preprocessing.onnx";

    [Fact]
    public void Export_TrainedPackage_GivesTheFilesThatTrainWroteAndProvesThem()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        CliRun run = CliRun.Of("export", package, "--data", tiny.Data, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(File.ReadAllText(folder["p/parity.json"]), run.Output);
        Assert.Equal(TinyModel.TestImages, run.Json["images"]!.GetValue<int>());
        foreach (string name in (string[])[Plain, WithPreprocessing])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Package, name)), File.ReadAllBytes(folder["p/" + name]));
            JsonNode file = run.Json["files"]![name]!;
            Assert.Equal(Hash(folder["p/" + name]), file["sha256"]!.GetValue<string>());
            Assert.Equal(0, file["changed_predictions"]!.GetValue<int>());
        }

        // Single precision, sums of up to 400 terms; logits of a few units.
        Assert.InRange(run.Json["files"]![Plain]!["largest_logit_difference"]!.GetValue<double>(), 0, 1e-4);
        Assert.InRange(run.Json["files"]![WithPreprocessing]!["largest_probability_difference"]!.GetValue<double>(), 0, 1e-5);
    }

    [Fact]
    public void Export_PackageWithoutOnnx_AddsTheFilesToItAndItsLock()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        JsonNode packageLock = JsonNode.Parse(File.ReadAllText(folder["p/inkling.lock.json"]))!;
        Assert.True(packageLock["files"]!.AsObject().Remove(Plain));
        Assert.True(packageLock["files"]!.AsObject().Remove(WithPreprocessing));
        File.WriteAllText(folder["p/inkling.lock.json"], packageLock.ToJsonString());
        Directory.Delete(folder["p/onnx"], recursive: true);

        CliRun run = CliRun.Of("export", package, "--data", tiny.Data);

        Assert.Equal(0, run.ExitCode);
        JsonNode after = JsonNode.Parse(File.ReadAllText(folder["p/inkling.lock.json"]))!;
        Assert.Equal(Hash(folder["p/" + Plain]), after["files"]![Plain]!.GetValue<string>());
        Assert.Equal(Hash(folder["p/" + WithPreprocessing]), after["files"]![WithPreprocessing]!.GetValue<string>());
        Assert.Equal(2, after["test_openings"]!.GetValue<int>());
        Assert.Equal(0, CliRun.Of("predict", package, Fixture.Path("Imaging", "ink-on-paper.png")).ExitCode);
    }

    [Fact]
    public void Export_OtherData_IsRefusedAndChangesNothing()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        CliRun.Of("export", package, "--data", "mnist").AssertRefused(3, "mnist", "the test images of the package's lock", "--data");

        Assert.False(File.Exists(folder["p/parity.json"]));
        Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Package, "inkling.lock.json")), File.ReadAllBytes(folder["p/inkling.lock.json"]));
    }

    [Fact]
    public void Predict_OnnxFileTampered_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        byte[] bytes = File.ReadAllBytes(folder["p/" + Plain]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(folder["p/" + Plain], bytes);

        CliRun.Of("export", package, "--data", tiny.Data).AssertRefused(4, Plain, "SHA-256");
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
