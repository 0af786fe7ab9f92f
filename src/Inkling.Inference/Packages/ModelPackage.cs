using System.Security.Cryptography;
using Inkling.Engine;
using Inkling.Preprocessing;
using Inkling.Serialization;

namespace Inkling.Packages;

/// <summary>A package opened to predict with: the model, and how images enter it.</summary>
public sealed class ModelPackage : IDisposable
{
    /// <summary>What a prediction needs, if the lock names it; other files of a package may stay away, but not differ.</summary>
    private static readonly string[] Needed =
        [PackageFiles.Config, PackageFiles.Preprocessor, PackageFiles.Weights, PackageFiles.Calibration];

    private ModelPackage(
        string path, HuggingFaceConfig config, InputRecipe input, Normalization normalization, NetworkWeights weights,
        Calibration calibration)
    {
        Path = path;
        Classes = config.Classes;
        Input = input;
        Normalization = normalization;
        Weights = weights;
        Calibration = calibration;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Names in the order of the logits.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>What an image becomes before the network sees it.</summary>
    public InputRecipe Input { get; }

    /// <summary>Of the images that trained.</summary>
    public Normalization Normalization { get; }

    /// <summary>The model.</summary>
    public NetworkWeights Weights { get; }

    /// <summary>How its scores become probabilities, and from when on an answer is sure.</summary>
    public Calibration Calibration { get; }

    /// <summary>Opens a package, checking its files against its lock.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="ModelFormatException">
    /// A file that predictions need is missing or malformed, or any file is not the one the lock names.
    /// </exception>
    public static ModelPackage Open(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new ModelFormatException(
                path, "a package folder", File.Exists(path) ? "a file" : "nothing", "Train one: inkling train --out " + path);
        }

        string Named(string name) => System.IO.Path.Combine(path, name);
        PackageManifest manifest = Existing(Named(PackageFiles.Lock), PackageManifest.Read);
        foreach ((string name, string hash) in manifest.Files)
        {
            if (Needed.Contains(name) || File.Exists(Named(name)))
            {
                CheckHash(Named(name), hash);
            }
        }

        HuggingFaceConfig config = Existing(Named(PackageFiles.Config), HuggingFaceConfig.Read);
        PreprocessorConfig preprocessor = Existing(Named(PackageFiles.Preprocessor), PreprocessorConfig.Read);
        int channels = manifest.Input.Channels;
        Network network = BuildNetwork(config, channels, Named(PackageFiles.Config));
        NetworkWeights weights = WeightsFile.Read(
            network, Existing(Named(PackageFiles.Weights), SafeTensorsFile.Read), Named(PackageFiles.Weights));
        var normalization = new Normalization(
            [.. preprocessor.Mean.Take(channels)], [.. preprocessor.StandardDeviation.Take(channels)]);

        // A package from before there was calibration has none.
        Calibration calibration = manifest.Files.ContainsKey(PackageFiles.Calibration)
            ? Existing(Named(PackageFiles.Calibration), Calibration.Read)
            : Calibration.None;
        return new ModelPackage(path, config, manifest.Input, normalization, weights, calibration);
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();

    private static Network BuildNetwork(HuggingFaceConfig config, int channels, string path)
    {
        try
        {
            return new Network(
                new Shape(channels, config.Height, config.Width), config.Network.Expand(config.Classes.Count));
        }
        catch (Exception e) when (e is ShapeMismatchException or ArgumentException)
        {
            throw new ModelFormatException(path, "layers that fit each other", e.Message, "Take the package again from where it came.", e);
        }
    }

    private static void CheckHash(string path, string expected)
    {
        string actual = Existing(path, file => Hash(File.ReadAllBytes(file)));
        if (actual != expected)
        {
            throw new ModelFormatException(
                path, $"SHA-256 {expected}, as in {PackageFiles.Lock}", actual, "The file was changed or damaged; take the package again from where it came.");
        }
    }

    private static T Existing<T>(string path, Func<string, T> read)
    {
        PackageFiles.Require(path);
        return read(path);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
