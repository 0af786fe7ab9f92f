using Inkling.Engine;
using Inkling.Publishing.Onnx;

namespace Inkling.Cli.Onnx;

/// <summary>An exported file answers differently from the model.</summary>
internal sealed class ParityException(string package, OnnxParity parity) : InklingException(
    $"{package}: expected the ONNX files to give every prediction of the model, found {parity.ChangedPredictions} of {parity.Images} changed. "
    + "Don't publish them; see parity.json, and report the recipe.")
{
    /// <summary>What was found.</summary>
    public OnnxParity Parity { get; } = parity;
}
