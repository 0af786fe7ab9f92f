using System.Runtime.InteropServices;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Publishing;
using Inkling.Tests.Support;

namespace Inkling.Tests.Clients;

/// <summary>PyTorch and ONNX's own checker, of the system's Python, on a package as it was trained.</summary>
public sealed class PythonTests(ResNetModel model)
{
    private const int Images = 64;

    [Fact]
    public void PyTorch_PublishedDefinitionWithOurWeights_GivesTheEnginesLogits()
    {
        using var folder = new TemporaryFolder();
        using TrainedPackage package = TrainedPackage.Open(model.Package);
        ImageSet images = ResNetModel.Test;
        PreprocessorConfig preprocessor = PreprocessorConfig.Read(Path.Combine(model.Package, PackageFiles.Preprocessor));
        File.WriteAllBytes(folder["pixels"], MemoryMarshal.AsBytes<float>(Preprocessed(images, preprocessor)).ToArray());

        PythonProgram.Run(
            ["torch", "numpy"], Repository.Path("tests/python/resnet_logits.py"), [model.Package, folder["pixels"], folder["logits"]]);

        using var team = new WorkerTeam(1);
        using var predictor = new Predictor(package.Weights, team);
        float[] probabilities = new float[Images * 10];
        float[] logits = new float[Images * 10];
        predictor.Predict(
            new PreprocessedImages(images, package.Normalization), Enumerable.Range(0, Images).ToArray(), probabilities, logits);
        float[] theirs = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder["logits"])).ToArray();
        Assert.Equal(logits.Length, theirs.Length);
        Assert.All(logits.Zip(theirs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void OnnxChecker_BothFiles_FindsNothing()
    {
        string output = PythonProgram.Run(
            ["onnx"],
            Repository.Path("tests/python/check_onnx.py"),
            [Path.Combine(model.Package, PackageFiles.Onnx), Path.Combine(model.Package, PackageFiles.OnnxWithPreprocessing)]);

        Assert.Equal("13 7\n13 7\n", output);
    }

    /// <summary>As preprocessor_config.json tells its readers: three channels, each with its mean and deviation.</summary>
    private static float[] Preprocessed(ImageSet images, PreprocessorConfig config)
    {
        Assert.Equal(3, config.Mean.Count);
        int plane = config.Height * config.Width;
        PixelNormalization[] channels = [.. config.Mean.Zip(
            config.StandardDeviation, (mean, deviation) => new PixelNormalization(mean, deviation))];
        var transform = new EvaluationTransform(images.Height, images.Width, channels, PlaneLayout.Dense(config.Height, config.Width));
        float[] pixels = new float[Images * 3 * plane];
        for (int i = 0; i < Images; i++)
        {
            byte[] grey = images.Image(i).ToArray();
            transform.Apply([.. grey, .. grey, .. grey], pixels.AsSpan(i * 3 * plane, 3 * plane));
        }

        return pixels;
    }
}
