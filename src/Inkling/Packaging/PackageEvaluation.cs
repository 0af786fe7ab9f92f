using Inkling.Evaluation;

namespace Inkling.Packaging;

/// <summary>A package's metrics over one split of a dataset.</summary>
/// <param name="Split"><c>test</c>, <c>validation</c> or <c>train</c>.</param>
/// <param name="Metrics">All of them.</param>
/// <param name="IsOwnData">Whether the images are those that the package's lock names.</param>
public sealed record PackageEvaluation(string Split, ClassificationMetrics Metrics, bool IsOwnData);
