using Inkling.Data;
using Inkling.Engine;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Publishing.Files;
using Inkling.Serialization;

namespace Inkling.Publishing;

/// <summary>A whole package, opened to be judged, compared or built again: the model and all that decided it.</summary>
public sealed class TrainedPackage : IDisposable
{
    private readonly ModelPackage _model;

    private TrainedPackage(ModelPackage model, PackageLock packageLock) => (_model, Lock) = (model, packageLock);

    /// <summary>The folder.</summary>
    public string Path => _model.Path;

    /// <summary>What decided the weights.</summary>
    public PackageLock Lock { get; }

    /// <summary>Names in the order of the logits.</summary>
    public IReadOnlyList<string> Classes => _model.Classes;

    /// <summary>Of the images that trained.</summary>
    public Normalization Normalization => _model.Normalization;

    /// <summary>The model.</summary>
    public NetworkWeights Weights => _model.Weights;

    /// <summary>How its scores become probabilities, and from when on an answer is sure.</summary>
    public Calibration Calibration => _model.Calibration;

    /// <summary>Opens a package, checking its files against its lock.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="ModelFormatException">A file is missing, malformed, or not the one the lock names.</exception>
    public static TrainedPackage Open(string path)
    {
        string lockPath = System.IO.Path.Combine(path, PackageFiles.Lock);
        PackageLock? packageLock = File.Exists(lockPath) ? PackageLock.Read(lockPath) : null;
        foreach (string name in packageLock?.Files.Keys ?? [])
        {
            PackageFiles.Require(System.IO.Path.Combine(path, name));
        }

        // Without a lock this says what is missing.
        ModelPackage model = ModelPackage.Open(path);
        return new TrainedPackage(model, packageLock!);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    /// <summary>The loss of every chunk of every step, [steps, chunks].</summary>
    /// <exception cref="ModelFormatException">The file is missing or holds something else.</exception>
    internal NamedTensor ReadLosses()
    {
        string path = System.IO.Path.Combine(Path, PackageFiles.Losses);
        PackageFiles.Require(path);
        return LossesFile.Read(path);
    }

    /// <summary>A dataset's training images, divided as the run did.</summary>
    internal DataSplit SplitOf(ImageDataset dataset) =>
        dataset.Split(Math.Min(Lock.Recipe.Split.CountOf(dataset.Train.Count), dataset.Train.Count / 2), Lock.Seed);
}
