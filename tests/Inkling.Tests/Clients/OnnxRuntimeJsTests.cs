using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Tests.Engine.Support;
using Inkling.Tests.Support;

namespace Inkling.Tests.Clients;

/// <summary>The file with preprocessing in JavaScript's runtimes: raw bytes in, labels out.</summary>
public sealed class OnnxRuntimeJsTests(ResNetModel model)
{
    private const int Images = 50;

    /// <summary>Of probabilities, whose logits differ by some 10⁻⁵ between runtimes.</summary>
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("onnxruntime-node")]
    [InlineData("onnxruntime-web")]
    public void RawBytes_ThroughTheFile_GiveTheEnginesProbabilities(string runtime)
    {
        using var folder = new TemporaryFolder();
        ImageSet images = ResNetModel.Test;
        File.WriteAllBytes(folder["images"], images.Pixels[..(Images * images.ImageLength)].ToArray());

        JsonNode result = JsonNode.Parse(NodeProgram.Run(
            model.Models, "raw_bytes.mjs", runtime, Path.Combine(model.Package, PackageFiles.OnnxWithPreprocessing), folder["images"],
            Images.ToString(CultureInfo.InvariantCulture), "28", "28"))!;

        using TrainedPackage package = TrainedPackage.Open(model.Package);
        using var team = new WorkerTeam(1);
        float[] expected = ModelEvaluator.Ask(package.Weights, package.Normalization, images, Enumerable.Range(0, Images).ToArray(), team)
            .Probabilities(package.Calibration.Temperature);
        float[] actual = [.. result["probabilities"]!.AsArray().Select(p => p!.GetValue<float>())];
        Numbers.AssertClose([.. expected.Select(p => (double)p)], actual, Tolerance, runtime);
        Assert.Equal(
            expected.Chunk(10).Select(row => Array.IndexOf(row, row.Max())), result["labels"]!.AsArray().Select(
                label => label!.GetValue<int>()));
    }
}
