using System.Collections.Immutable;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Publishing.Files;
using Inkling.Serialization;

namespace Inkling.Publishing;

/// <summary>Two packages judged by the same images.</summary>
/// <param name="Split"><c>test</c> or <c>validation</c>.</param>
/// <param name="Result">The first against the second.</param>
/// <param name="Differences">The images that they answer differently, in the order of the set.</param>
public sealed record PackageComparison(string Split, PairedComparison Result, ImmutableArray<DifferingAnswer> Differences)
{
    /// <summary>What the two have to share before any data is loaded.</summary>
    /// <param name="first">A package.</param>
    /// <param name="second">The other.</param>
    /// <param name="data">What to compare them on; null for what they were trained on.</param>
    /// <exception cref="ModelFormatException">Their classes differ, or so does the data that they were trained on and no other is
    /// named.</exception>
    public static void RequireComparable(TrainedPackage first, TrainedPackage second, string? data)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!first.Classes.SequenceEqual(second.Classes))
        {
            throw new ModelFormatException(
                second.Path, $"the classes of {first.Path} ({Told(first)})", $"others ({Told(second)})", "Compare models of the same classes.");
        }

        (LockedData ofFirst, LockedData ofSecond) = (first.Lock.Data, second.Lock.Data);
        if (data is null && (ofFirst.Name != ofSecond.Name || ofFirst.Fingerprints.Test != ofSecond.Fingerprints.Test))
        {
            throw new ModelFormatException(
                second.Path, $"a model of the same data as {first.Path} ({ofFirst.Name})", $"one of {Other(ofFirst, ofSecond)}",
                "Say with --data what to compare them on.");
        }
    }

    /// <summary>Asks both, and counts the look at the test images in the lock of each that may be written to.</summary>
    /// <param name="first">A package, and its data.</param>
    /// <param name="second">The other, and the same data as it takes it.</param>
    /// <param name="split"><c>test</c> or <c>validation</c>.</param>
    /// <param name="team">Threads.</param>
    /// <exception cref="DataFormatException">The data doesn't fit a model, or has no such split.</exception>
    /// <exception cref="ModelFormatException">Validation images of one are training images of the other.</exception>
    public static PackageComparison Between(ComparedPackage first, ComparedPackage second, string split, WorkerTeam team)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (split == "validation" && first.Package.Lock.Split.Hash != second.Package.Lock.Split.Hash)
        {
            throw new ModelFormatException(
                second.Package.Path, $"the validation images of {first.Package.Path}", "others, so that one has trained on what the other hasn't",
                "Compare them on the test images, or train both with the same seed and split.");
        }

        PackageEvaluation firstAnswers = new PackageEvaluator(first.Package, team).Evaluate(first.Dataset, split);
        PackageEvaluation secondAnswers = new PackageEvaluator(second.Package, team).Evaluate(second.Dataset, split);
        (ImageSet images, ImmutableArray<int> indices) = (firstAnswers.Evaluation.Images, firstAnswers.Evaluation.Indices);
        int[] labels = [.. indices.Select(index => images.Labels[index])];
        var result = PairedComparison.Of(labels, firstAnswers.Metrics.Predictions.AsSpan(), secondAnswers.Metrics.Predictions.AsSpan());
        first.Count(firstAnswers);
        second.Count(secondAnswers);
        return new PackageComparison(split, result, [.. result.Differing.Select(i => new DifferingAnswer(
            indices[i], images.NameOf(indices[i]), labels[i], firstAnswers.Metrics.Predictions[i], secondAnswers.Metrics.Predictions[i]))]);
    }

    private static string Told(TrainedPackage package) =>
        string.Join(", ", package.Classes.Take(10)) + (package.Classes.Count > 10 ? $" and {package.Classes.Count - 10} more" : "");

    private static string Other(LockedData first, LockedData second) =>
        first.Name == second.Name ? "other test images under that name" : second.Name;
}

/// <summary>A package to compare.</summary>
/// <param name="Package">It.</param>
/// <param name="Dataset">The images, as large as its network wants them.</param>
/// <param name="MayWrite">Whether its lock is ours to write.</param>
public sealed record ComparedPackage(TrainedPackage Package, ImageDataset Dataset, bool MayWrite)
{
    internal void Count(PackageEvaluation evaluation)
    {
        if (MayWrite)
        {
            new PackageRecorder(Package).CountOpening(evaluation);
        }
    }
}

/// <summary>An image that two models answer differently.</summary>
/// <param name="Index">In its set.</param>
/// <param name="Name">What reports call it.</param>
/// <param name="Label">Its class.</param>
/// <param name="First">The first model's answer.</param>
/// <param name="Second">The second's.</param>
public sealed record DifferingAnswer(int Index, string Name, int Label, int First, int Second);
