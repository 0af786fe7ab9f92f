using Inkling.Data;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Serialization;
using Inkling.Training.Recipes;

namespace Inkling.Publishing.Files;

/// <summary>
/// <c>inkling.lock.json</c>: all that decided a model's weights, and the weights that it gave. Enough for anybody to
/// train the same model again and compare bytes.
/// </summary>
/// <remarks>Rules: docs/formats.md#lock. All hashes are SHA-256 in lower-case hexadecimal.</remarks>
/// <param name="Contract">Number of the numeric contract that the weights were trained under.</param>
/// <param name="Product">The program that trained.</param>
/// <param name="Recipe">In full.</param>
/// <param name="Seed">The seed that was used; the recipe's own is only its default.</param>
/// <param name="Data">What it was trained and tested on.</param>
/// <param name="Split">How the training images were divided.</param>
/// <param name="Normalization">Statistics of the training images.</param>
/// <param name="Weights">Hashes on the way.</param>
/// <param name="Files">Hash of each package file that can be rebuilt, by <see cref="PackageFiles"/> name.</param>
/// <param name="TestOpenings">How often the test images had been opened when this was written.</param>
/// <param name="Machine">Where it was trained; for information, nothing depends on it.</param>
public sealed record PackageLock(
    int Contract,
    LockedProduct Product,
    Recipe Recipe,
    ulong Seed,
    LockedData Data,
    LockedSplit Split,
    LockedNormalization Normalization,
    LockedWeights Weights,
    IReadOnlyDictionary<string, string> Files,
    int TestOpenings,
    LockedMachine Machine)
{
    /// <summary>Reads and checks a lock.</summary>
    /// <exception cref="ModelFormatException">The schema is unknown, or the lock faulty: all faults at once.</exception>
    /// <exception cref="IOException">The file is absent or unreadable.</exception>
    public static PackageLock Read(string path) => PackageJson.Read(path, PackageManifest.Expected, LockJson.Lock);

    /// <summary>Reads and checks the bytes of a lock.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="path">What to call it in an error.</param>
    /// <exception cref="ModelFormatException">The schema is unknown, or the lock faulty: all faults at once.</exception>
    public static PackageLock Parse(ReadOnlyMemory<byte> utf8, string path) =>
        PackageJson.Parse(utf8, path, PackageManifest.Expected, LockJson.Lock);

    /// <summary>Writes the canonical bytes.</summary>
    /// <exception cref="IOException">The folder is absent or the disk full.</exception>
    public void Write(string path) => AtomicFile.Write(path, CanonicalJson.Write(LockJson.Lock.Write(this)));
}

/// <summary>The program that trained.</summary>
/// <param name="Name"><c>Inkling</c>.</param>
/// <param name="Version">E.g. <c>0.1.0</c>.</param>
/// <param name="Commit">Of its sources; <c>unknown</c> if it was built without them under version control.</param>
public sealed record LockedProduct(string Name, string Version, string Commit);

/// <summary>The dataset.</summary>
/// <param name="Name">E.g. <c>mnist</c>.</param>
/// <param name="Files">Hash of each raw file, by its name.</param>
/// <param name="Fingerprints">Hashes of what the files decode to.</param>
/// <param name="Classes">Names in the order of the labels.</param>
/// <param name="Exclusions">The list by which training images were left out; null if all were there.</param>
public sealed record LockedData(
    string Name,
    IReadOnlyDictionary<string, string> Files,
    LockedFingerprints Fingerprints,
    IReadOnlyList<string> Classes,
    LockedExclusions? Exclusions);

/// <summary>A list of exclusions.</summary>
/// <param name="Count">Number of images it names.</param>
/// <param name="Sha256">Of its bytes.</param>
public sealed record LockedExclusions(int Count, string Sha256)
{
    /// <summary>Of a dataset as it was loaded; null if nothing was left out by a list.</summary>
    internal static LockedExclusions? Of(ImageDataset dataset) =>
        dataset.Exclusions is { } list ? new LockedExclusions(list.Images.Count, list.Sha256) : null;
}

/// <summary>Hashes of decoded pixels and labels.</summary>
/// <param name="Train">Of the training images, validation included.</param>
/// <param name="Test">Of the test images; null if the dataset has none.</param>
public sealed record LockedFingerprints(string Train, string? Test);

/// <summary>The division of the training images.</summary>
/// <param name="Train">Number of images that were trained on.</param>
/// <param name="Validation">Number of images kept for choosing.</param>
/// <param name="Hash">Of the indices.</param>
public sealed record LockedSplit(int Train, int Validation, string Hash)
{
    internal static LockedSplit Of(DataSplit split) => new(split.Train.Length, split.Validation.Length, split.Hash);
}

/// <summary>Statistics of the images that were trained on, for pixels in [0, 1], one a channel.</summary>
/// <param name="Mean">Means.</param>
/// <param name="StandardDeviation">Standard deviations.</param>
public sealed record LockedNormalization(IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation)
{
    internal static LockedNormalization Of(Normalization normalization) => new(normalization.Mean, normalization.StandardDeviation);
}

/// <summary>Hashes of all weights on the way, so that a rebuild that differs shows where.</summary>
/// <param name="Initial">Before the first step.</param>
/// <param name="Steps">Steps taken; fewer than the recipe's if the run was cut.</param>
/// <param name="Epochs">After each epoch, the last of which may be cut short.</param>
public sealed record LockedWeights(string Initial, int Steps, IReadOnlyList<string> Epochs);
