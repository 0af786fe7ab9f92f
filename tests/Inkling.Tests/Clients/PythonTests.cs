using System.Runtime.InteropServices;
using Inkling.Augmentation;
using Inkling.Data;
using Inkling.Engine.Execution;
using Inkling.Evaluation;
using Inkling.Packaging;
using Inkling.Tests.Engine.Support;
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
        using ModelPackage package = ModelPackage.Open(model.Package);
        ImageSet images = ResNetModel.Test;
        PreprocessorConfig preprocessor = PreprocessorConfig.Read(Path.Combine(model.Package, PackageFiles.Preprocessor));
        File.WriteAllBytes(folder["pixels"], MemoryMarshal.AsBytes<float>(Preprocessed(images, preprocessor)).ToArray());

        Python("torch", "resnet_logits.py", model.Package, folder["pixels"], folder["logits"]);

        using var team = new WorkerTeam(1);
        using var predictor = new Predictor(package.Weights, team);
        float[] probabilities = new float[Images * 10];
        float[] logits = new float[Images * 10];
        predictor.Predict(new EvaluationImages(images, package.Normalization), Enumerable.Range(0, Images).ToArray(), probabilities, logits);
        float[] theirs = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder["logits"])).ToArray();
        Numbers.AssertClose([.. logits.Select(logit => (double)logit)], theirs, 1e-4 / 10, "logits");
        Assert.All(logits.Zip(theirs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void OnnxChecker_BothFiles_FindsNothing()
    {
        string output = Python(
            "onnx", "check_onnx.py", Path.Combine(model.Package, PackageFiles.Onnx), Path.Combine(model.Package, PackageFiles.OnnxWithPreprocessing));

        Assert.Equal("13 7\n13 7\n", output);
    }

    /// <summary>As preprocessor_config.json tells its readers: three channels, each with its mean and deviation.</summary>
    private static float[] Preprocessed(ImageSet images, PreprocessorConfig config)
    {
        Assert.Equal(3, config.Mean.Count);
        int plane = config.Height * config.Width;
        PixelNormalization[] channels = [.. config.Mean.Zip(config.StandardDeviation, (mean, deviation) => new PixelNormalization(mean, deviation))];
        var transform = new EvaluationTransform(images.Height, images.Width, channels, PlaneLayout.Dense(config.Height, config.Width));
        float[] pixels = new float[Images * 3 * plane];
        for (int i = 0; i < Images; i++)
        {
            byte[] grey = images.Image(i).ToArray();
            transform.Apply([.. grey, .. grey, .. grey], pixels.AsSpan(i * 3 * plane, 3 * plane));
        }

        return pixels;
    }

    private static string Python(string module, string program, params string[] args)
    {
        const string Interpreter = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Interpreter), "the system has no Python");
        Assert.SkipUnless(ChildProcess.Run(Interpreter, ["-c", $"import {module}"]).ExitCode == 0, $"Python has no {module}: apt-get install python3-{module}");
        ChildResult result = ChildProcess.Run(Interpreter, [Repository.Path($"tests/python/{program}"), .. args]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}
