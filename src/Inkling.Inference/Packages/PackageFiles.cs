
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Packages;

/// <summary>The names of a package's files, relative to its folder.</summary>
public static class PackageFiles
{
    /// <summary>The model card.</summary>
    public const string Card = "README.md";

    /// <summary>The network, as the Hub's clients read it.</summary>
    public const string Config = "config.json";

    /// <summary>From image to network input, as the Hub's clients read it.</summary>
    public const string Preprocessor = "preprocessor_config.json";

    /// <summary>The weights.</summary>
    public const string Weights = "model.safetensors";

    /// <summary>How scores become probabilities, and from when on an answer is sure.</summary>
    public const string Calibration = "calibration.json";

    /// <summary>The network with its weights for ONNX runtimes: normalised pixels to logits.</summary>
    public const string Onnx = "onnx/model.onnx";

    /// <summary>The same from raw bytes to probabilities and label.</summary>
    public const string OnnxWithPreprocessing = "onnx/model_with_preprocessing.onnx";

    /// <summary>How far the ONNX files and the engine agree.</summary>
    public const string Parity = "parity.json";

    /// <summary>Test images for the model card to show; fewer if the dataset has fewer classes.</summary>
    public static IReadOnlyList<string> Samples { get; } = ["samples/1.png", "samples/2.png", "samples/3.png"];

    /// <summary>Every metric.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>One line an epoch.</summary>
    public const string History = "history.jsonl";

    /// <summary>The loss of every chunk of every step, by which a rebuild that differs finds the step.</summary>
    public const string Losses = "losses.safetensors";

    /// <summary>The metrics for people.</summary>
    public const string Report = "report.html";

    /// <summary>All that decided the weights, and what it gave; docs/formats.md#lock.</summary>
    public const string Lock = "inkling.lock.json";

    /// <summary>The folder of statements by those who have rebuilt the model; no part of the set that a new package replaces.</summary>
    public const string Attestations = "attestations";

    /// <summary>Every name above, but for the attestations, in the order in which files are put in place: the lock last.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Card, Config, Preprocessor, Weights, Calibration, Onnx, OnnxWithPreprocessing, Parity, .. Samples, Metrics, History, Losses,
        Report, Lock,
    ];

    /// <summary>Hashes by file name, as a lock has them. The names become paths, so only those of a package are let in.</summary>
    public static JsonForm<IReadOnlyDictionary<string, string>> HashesJson { get; } =
        Map(Sha256, name => All.Contains(name) ? null : $"expected names of a package's files; found {name}");

    /// <summary>Whether a package may have a file of this name: one of <see cref="All"/>, or an attestation.</summary>
    /// <param name="name">Relative to the package, with slashes.</param>
    public static bool Belongs(string name) => All.Contains(name)
        || (name.Split('/') is [Attestations, var file] && file.EndsWith(".json", StringComparison.Ordinal));

    /// <summary>Says that a file is missing, if it is.</summary>
    /// <param name="path">Of a file that a package has to have.</param>
    /// <exception cref="ModelFormatException">It is.</exception>
    public static void Require(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelFormatException(path, "a file of the package", "nothing", "Take the whole package folder, or train it again.");
        }
    }
}
