using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Publishing.Onnx;
using Inkling.Serialization;

namespace Inkling.Publishing;

/// <summary>The bytes of a package's two ONNX files.</summary>
/// <param name="Plain"><c>onnx/model.onnx</c>.</param>
/// <param name="WithPreprocessing"><c>onnx/model_with_preprocessing.onnx</c>.</param>
public sealed record OnnxFiles(byte[] Plain, byte[] WithPreprocessing)
{
    /// <summary>Exports a model.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="normalization">Of the images that trained.</param>
    /// <param name="temperature">Of the probabilities; the logits stay the network's own.</param>
    /// <param name="images">What the model was trained on: the file with preprocessing takes images of their size.</param>
    public static OnnxFiles Create(NetworkWeights weights, Normalization normalization, double temperature, ImageDataset images) =>
        Create(weights, normalization, temperature, images.Height, images.Width, images.ClassNames);

    /// <summary>The ONNX files that a package's weights give, for images of a size.</summary>
    internal static OnnxFiles Create(TrainedPackage package, int height, int width) =>
        Create(package.Weights, package.Normalization, package.Calibration.Temperature, height, width, package.Classes);

    private static OnnxFiles Create(
        NetworkWeights weights, Normalization normalization, double temperature, int height, int width,
        IReadOnlyList<string> classNames) => new(
        OnnxModel.Plain(weights, classNames), OnnxModel.WithPreprocessing(weights, normalization, height, width, classNames, temperature));

    /// <summary>File name and bytes of each.</summary>
    internal IEnumerable<(string Name, byte[] Bytes)> All =>
        [(PackageFiles.Onnx, Plain), (PackageFiles.OnnxWithPreprocessing, WithPreprocessing)];

    /// <summary>Writes both.</summary>
    /// <param name="path">Gives the path for a file's name.</param>
    internal void Write(Func<string, string> path)
    {
        foreach ((string name, byte[] bytes) in All)
        {
            AtomicFile.Write(path(name), bytes);
        }
    }

    /// <summary>SHA-256 of each, by name.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Hashes =>
        All.Select(file => KeyValuePair.Create(file.Name, Convert.ToHexStringLower(SHA256.HashData(file.Bytes))));
}
