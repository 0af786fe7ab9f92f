using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Evaluation.Robustness;

namespace Inkling.Publishing;

/// <summary>Evaluates a package's model on a dataset.</summary>
/// <param name="package">The package.</param>
/// <param name="team">Threads.</param>
public sealed class PackageEvaluator(TrainedPackage package, WorkerTeam team)
{
    /// <summary>Judges the model by one split of a dataset.</summary>
    /// <param name="dataset">The same as the model was trained on, or another with as many classes and channels.</param>
    /// <param name="split"><c>test</c>, <c>validation</c> or <c>train</c>; opening the test images is counted.</param>
    /// <exception cref="DataFormatException">The dataset doesn't fit the model, or has no such split.</exception>
    public PackageEvaluation Evaluate(ImageDataset dataset, string split)
    {
        if (dataset.ClassNames.Count != package.Classes.Count || dataset.Channels != package.Weights.Network.Input.Channels)
        {
            throw new DataFormatException(
                dataset.Name, null,
                $"{package.Classes.Count} classes and {package.Weights.Network.Input.Channels} channel(s), as the model has",
                $"{dataset.ClassNames.Count} and {dataset.Channels}",
                "Choose a dataset like the one it was trained on.");
        }

        if (split == "test")
        {
            ImageSet test = dataset.Test?.Open() ?? throw Missing(dataset, split);
            return new PackageEvaluation(
                split,
                Judge(test, [.. Enumerable.Range(0, test.Count)]),
                test.Fingerprint == package.Lock.Data.Fingerprints.Test);
        }

        DataSplit parts = package.SplitOf(dataset);
        int[] indices = (split == "validation" ? parts.Validation : parts.Train).ToArray();
        return indices.Length == 0
            ? throw Missing(dataset, split)
            : new PackageEvaluation(
                split, Judge(dataset.Train, indices), parts.Hash == package.Lock.Split.Hash);
    }

    /// <summary>Judges the model by the images of an evaluation, corrupted.</summary>
    /// <param name="evaluation">What came out without corruption.</param>
    /// <param name="progress">Told of every corruption when it is judged; null for nobody.</param>
    /// <param name="cancellation">Ends the work between two corruptions.</param>
    public RobustnessResult EvaluateRobustness(
        PackageEvaluation evaluation, Action<CorruptionScore>? progress = null, CancellationToken cancellation = default) =>
        RobustnessEvaluator.Evaluate(
            package.Weights, package.Normalization, evaluation.Evaluation, evaluation.Split, team, progress, cancellation);

    private ModelEvaluation Judge(ImageSet images, int[] indices) =>
        ModelEvaluation.Of(package.Weights, package.Normalization, package.Calibration, images, indices, team);

    private static DataFormatException Missing(ImageDataset dataset, string split) => new(
        dataset.Name, null, $"{split} images", "none", "Choose another split, or data that has it.");
}
