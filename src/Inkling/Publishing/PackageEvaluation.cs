using Inkling.Evaluation;

namespace Inkling.Publishing;

/// <summary>A package judged by one split of a dataset.</summary>
/// <param name="Split"><c>test</c>, <c>validation</c> or <c>train</c>.</param>
/// <param name="Evaluation">What came out.</param>
/// <param name="IsOwnData">Whether the images are those that the package's lock names.</param>
public sealed record PackageEvaluation(string Split, ModelEvaluation Evaluation, bool IsOwnData)
{
    /// <summary>All metrics, of the calibrated probabilities.</summary>
    public ClassificationMetrics Metrics => Evaluation.Metrics;
}
