using Inkling.Data;
using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Publishing;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Verification;

/// <summary>
/// Rebuilds a package's model from its lock and says how far the two are the same. What this proves and what not:
/// docs/verification.md.
/// </summary>
public sealed class PackageVerification
{
    private readonly TrainedPackage _package;
    private readonly VerificationOptions _options;
    private readonly WorkerTeam _team;

    private PackageVerification(TrainedPackage package, VerificationOptions options, WorkerTeam team)
    {
        _package = package;
        _options = options;
        _team = team;
    }

    private PackageLock Lock => _package.Lock;

    /// <summary>Checks a package's files against its lock, then rebuilds the model and compares.</summary>
    /// <param name="path">The package folder; nothing in it is changed.</param>
    /// <param name="loadData">Loads the dataset that the lock names.</param>
    /// <param name="options">What to rebuild and when to be content.</param>
    /// <param name="observer">Is told how the rebuild goes.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    /// <param name="cancellation">Stops the rebuild after the current step.</param>
    /// <exception cref="ModelFormatException">A file is missing, malformed, or not the one the lock names.</exception>
    /// <exception cref="OperationCanceledException">The rebuild was stopped.</exception>
    public static VerificationResult Verify(
        string path,
        Func<PackageLock, ImageDataset> loadData,
        VerificationOptions options,
        ITrainingObserver observer,
        WorkerTeam team,
        CancellationToken cancellation = default)
    {
        using TrainedPackage package = TrainedPackage.Open(path);
        NamedTensor losses = package.ReadLosses();
        return new PackageVerification(package, options, team).Run(loadData, losses, observer, cancellation) with
        {
            Attestations = CheckedAttestation.ReadAll(path, package.Lock),
            CardOtherFromLine = CardComparison.FirstOtherLine(path),
        };
    }

    private VerificationResult Run(
        Func<PackageLock, ImageDataset> loadData, NamedTensor losses, ITrainingObserver observer, CancellationToken cancellation)
    {
        if (Lock.Contract != NumericContract.Number)
        {
            return Result(
                VerificationGrade.CannotVerify,
                $"It was trained under numeric contract {Lock.Contract}; this version of Inkling has contract {NumericContract.Number}. "
                + $"Use version {Lock.Product.Version} (commit {Lock.Product.Commit}).");
        }

        ImageDataset dataset;
        TrainingRun run;
        using var scratch = new ScratchFolder();
        using RunFolder folder = RunFolder.Open(scratch["run"]);
        try
        {
            dataset = loadData(Lock);
            run = new TrainingRun(dataset, Lock.Recipe, new TrainingRunOptions
            {
                Seed = Lock.Seed,
                MaxSteps = StepsToRebuild(),
                Folder = folder,
                Transforms = _options.Transforms,

                // Only the epochs' own: the one before a departure has to be there.
                CheckpointInterval = TimeSpan.MaxValue,
            });
        }
        catch (Exception e) when (e is DataFormatException or ImageFormatException or IOException or UnauthorizedAccessException
            or RecipeException)
        {
            return Result(VerificationGrade.CannotVerify, e.Message);
        }

        JsonDifference[] inputs = [.. LockComparison.Inputs(Lock, run.Plan)];
        if (inputs.Length > 0)
        {
            bool otherData = inputs[0].Path.StartsWith("$.data", StringComparison.Ordinal);
            return Result(
                otherData ? VerificationGrade.CannotVerify : VerificationGrade.Different,
                otherData ? "The data is not that of the lock." : "The lock contradicts itself: its own recipe, seed and data give something else.")
                with { Differences = inputs };
        }

        return Rebuild(run, dataset, losses, folder, scratch, observer, cancellation);
    }

    private VerificationResult Rebuild(
        TrainingRun run,
        ImageDataset dataset,
        NamedTensor losses,
        RunFolder folder,
        ScratchFolder scratch,
        ITrainingObserver observer,
        CancellationToken cancellation)
    {
        bool stopsAtDeparture = _options.Require == VerificationGrade.Bytes;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = new RebuildWatch(Lock, losses, observer, stopsAtDeparture ? stop : null);
        TrainedModel model;
        try
        {
            model = run.Run(watch, _team, stop.Token);
        }
        catch (OperationCanceledException) when (watch.Departure is not null && !cancellation.IsCancellationRequested)
        {
            return Departed(run, watch, folder, observer, cancellation);
        }

        using (model)
        {
            if (watch.Departure is not null && stopsAtDeparture)
            {
                return Departed(run, watch, folder, observer, cancellation);
            }

            bool complete = model.Steps == Lock.Weights.Steps && model.Epochs.Count == Lock.Weights.Epochs.Count;
            if (!complete)
            {
                return watch.Departure is null
                    ? Result(VerificationGrade.Bytes, $"The first {watch.EpochsEqual} of {Lock.Weights.Epochs.Count} epochs have the lock's hashes.")
                        with { EpochsEqual = watch.EpochsEqual }
                    : Departed(run, watch, folder, observer, cancellation);
            }

            return Complete(model, dataset, watch, scratch) with { EpochsEqual = watch.EpochsEqual, Departure = watch.Departure,
                IsComplete = true };
        }
    }

    private VerificationResult Complete(TrainedModel model, ImageDataset dataset, RebuildWatch watch, ScratchFolder scratch)
    {
        string rebuilt = scratch["package"];
        using (PackageFolder folder = PackageFolder.Stage(rebuilt))
        {
            PackageWriter.Write(folder, model, dataset, _team);
        }

        JsonDifference[] differences = [.. LockComparison.Files(_package.Path, Lock, rebuilt)];
        if (watch.Departure is null)
        {
            return differences.Length == 0
                ? Result(VerificationGrade.Bytes, "Every epoch and every file has the lock's hash, and the numbers are the package's.")
                : Result(VerificationGrade.Different, "The model is the published one, but other files are not what comes of it.")
                    with { Differences = differences };
        }

        (VerificationGrade grade, string reason) = ModelComparison.Grade(_package, model, dataset, _team);
        return Result(grade, reason) with { Differences = differences };
    }

    private VerificationResult Departed(
        TrainingRun run, RebuildWatch watch, RunFolder folder, ITrainingObserver observer, CancellationToken cancellation)
    {
        Departure departure = watch.Departure!;
        observer.Warned($"Epoch {departure.Epoch} differs; looking whether this machine contradicts itself.");
        return Result(VerificationGrade.Different, Describe(departure)) with
        {
            EpochsEqual = watch.EpochsEqual,
            Departure = departure,
            Contradiction = FindContradiction(run.Plan, departure, folder, cancellation),
            Differences = [.. LockComparison.RecipeOfThatName(Lock)],
        };
    }

    // The same steps again from the last equal epoch, in the two most different ways: the cause is here only if they disagree.
    private TensorDifference? FindContradiction(RunPlan plan, Departure departure, RunFolder folder, CancellationToken cancellation)
    {
        using RunState first = plan.Begin();
        using RunState second = plan.Begin();
        if (departure.Epoch > 1)
        {
            string path = folder.CheckpointPaths().ElementAt(1);
            byte[] checkpoint = File.ReadAllBytes(path);
            Checkpoint.Restore(checkpoint, path, plan.ToJson(), first);
            Checkpoint.Restore(checkpoint, path, plan.ToJson(), second);
        }

        using var alone = new WorkerTeam(1);
        return SideBySide.FirstDifference(
            new RunSide(plan, first, _team, SimdSupport.Best),
            new RunSide(plan, second, alone, Simd.Vector128),
            departure.Loss?.Step ?? departure.Epoch * plan.StepsPerEpoch,
            cancellation);
    }

    private int StepsToRebuild()
    {
        if (_options.Epochs is not { } epochs)
        {
            return Math.Max(1, Lock.Weights.Steps);
        }

        long stepsPerEpoch = Lock.Split.Train / Lock.Recipe.BatchSize;
        return (int)Math.Clamp(stepsPerEpoch * epochs, 1, Math.Max(1, Lock.Weights.Steps));
    }

    private VerificationResult Result(VerificationGrade grade, string reason) =>
        new() { Grade = grade, Reason = reason, Lock = Lock, Epochs = Lock.Weights.Epochs.Count };

    private static string Describe(Departure departure) => departure.Loss is { } loss
        ? $"Epoch {departure.Epoch} has other weights than the lock says. The first loss that differs is of step {loss.Step}, chunk {loss.Chunk}."
        : $"Epoch {departure.Epoch} has other weights than the lock says, although every loss is the recorded one.";
}
