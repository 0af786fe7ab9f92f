using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Serialization;

namespace Inkling.Publishing.Onnx;

/// <summary><c>parity.json</c>: how far a runtime's answers to a package's ONNX files are from the engine's.</summary>
/// <remarks>
/// The differences are those of one runtime on one machine, whose kernels add up in an order of their own: the file is evidence and
/// not part of the lock.
/// </remarks>
/// <param name="Runtime">Name and version of what ran the files.</param>
/// <param name="Images">Number of images; all of the test split.</param>
/// <param name="Plain"><c>onnx/model.onnx</c>.</param>
/// <param name="WithPreprocessing"><c>onnx/model_with_preprocessing.onnx</c>.</param>
public sealed record OnnxParity(string Runtime, int Images, OnnxFileParity Plain, OnnxFileParity WithPreprocessing)
{
    /// <summary>Images whose class differs, in the worse of the two files; 0 for files that may be published.</summary>
    public int ChangedPredictions => Math.Max(Plain.ChangedPredictions, WithPreprocessing.ChangedPredictions);

    /// <summary>Writes the canonical bytes.</summary>
    /// <exception cref="IOException">The folder is absent or the disk full.</exception>
    public void Write(string path) => AtomicFile.Write(path, CanonicalJson.Write(ToJson()));

    /// <summary>The tree to write.</summary>
    public JsonObject ToJson() => new()
    {
        ["runtime"] = Runtime,
        ["split"] = "test",
        ["images"] = Images,
        ["files"] = new JsonObject
        {
            [PackageFiles.Onnx] = Json(Plain, "largest_logit_difference"),
            [PackageFiles.OnnxWithPreprocessing] = Json(WithPreprocessing, "largest_probability_difference"),
        },
    };

    private static JsonObject Json(OnnxFileParity file, string difference) => new()
    {
        ["sha256"] = file.Sha256,
        [difference] = file.LargestDifference,
        ["changed_predictions"] = file.ChangedPredictions,
    };
}

/// <summary>How far one file is from the engine.</summary>
/// <param name="Sha256">Of the file, in lower-case hexadecimal.</param>
/// <param name="LargestDifference">Of any logit, or probability for the file that gives those.</param>
/// <param name="ChangedPredictions">Images whose most probable class differs.</param>
public sealed record OnnxFileParity(string Sha256, double LargestDifference, int ChangedPredictions);
