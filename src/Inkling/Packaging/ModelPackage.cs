using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Engine.Memory;
using Inkling.Evaluation;
using Inkling.Evaluation.Robustness;
using Inkling.Packaging.Card;
using Inkling.Packaging.Onnx;
using Inkling.Packaging.Report;
using Inkling.Quality;
using Inkling.Serialization;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Packaging;

/// <summary>A package opened for use: the model, how images enter it, and its lock.</summary>
public sealed class ModelPackage : IDisposable
{
    private volatile bool _isDisposed;

    private ModelPackage(
        string path, PackageLock packageLock, HuggingFaceConfig config, Normalization normalization, NetworkWeights weights, Calibration calibration)
    {
        Path = path;
        Lock = packageLock;
        Classes = config.Classes;
        Normalization = normalization;
        Weights = weights;
        Calibration = calibration;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What decided the weights.</summary>
    public PackageLock Lock { get; }

    /// <summary>Names in the order of the logits.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Of the images that trained.</summary>
    public Normalization Normalization { get; }

    /// <summary>The model.</summary>
    public NetworkWeights Weights { get; }

    /// <summary>How its scores become probabilities, and from when on an answer is sure.</summary>
    public Calibration Calibration { get; }

    /// <summary>Opens a package, checking its files against its lock.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="ModelFormatException">A file is missing, malformed, or not the one the lock names.</exception>
    public static ModelPackage Open(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new ModelFormatException(path, "a package folder", File.Exists(path) ? "a file" : "nothing", "Train one: inkling train --out " + path);
        }

        string Named(string name) => System.IO.Path.Combine(path, name);
        PackageLock packageLock = Existing(Named(PackageFiles.Lock), PackageLock.Read);
        foreach ((string name, string hash) in packageLock.Files)
        {
            CheckHash(Named(name), hash);
        }

        HuggingFaceConfig config = Existing(Named(PackageFiles.Config), HuggingFaceConfig.Read);
        PreprocessorConfig preprocessor = Existing(Named(PackageFiles.Preprocessor), PreprocessorConfig.Read);
        int channels = packageLock.Recipe.Input.Channels;
        Network network = BuildNetwork(config, channels, Named(PackageFiles.Config));
        NetworkWeights weights = WeightsFile.Read(
            network, Existing(Named(PackageFiles.Weights), SafeTensorsFile.Read), Named(PackageFiles.Weights));
        var normalization = new Normalization(
            [.. preprocessor.Mean.Take(channels)], [.. preprocessor.StandardDeviation.Take(channels)]);

        // A package from before there was calibration has none.
        Calibration calibration = packageLock.Files.ContainsKey(PackageFiles.Calibration)
            ? Existing(Named(PackageFiles.Calibration), CalibrationFile.Read)
            : Calibration.None;
        return new ModelPackage(path, packageLock, config, normalization, weights, calibration);
    }

    /// <summary>
    /// Writes a package for a model just trained: calibrates it by the validation images, opens the test images, once, judges the model by
    /// them, and puts the files in place, the lock last.
    /// </summary>
    /// <param name="folder">Where to.</param>
    /// <param name="model">The model.</param>
    /// <param name="dataset">What it was trained on; its test images are opened here.</param>
    /// <param name="team">Threads.</param>
    /// <param name="cancellation">Heeded until the files are put in place.</param>
    /// <returns>What it is worth on the test images; null if there are none.</returns>
    public static ModelEvaluation? Write(
        PackageFolder folder, TrainedModel model, ImageDataset dataset, Engine.Execution.WorkerTeam team, CancellationToken cancellation = default)
    {
        (Calibration calibration, ModelEvaluation? validation) = Calibrate(model, dataset, team);
        ImageSet? testImages = dataset.Test?.Open();
        ModelEvaluation? test = testImages is null
            ? null
            : Judge(model.Weights, model.Normalization, calibration, testImages, [.. Enumerable.Range(0, testImages.Count)], team);

        InputRecipe input = model.Recipe.Input;
        new HuggingFaceConfig(
            model.Recipe.Network, GreyStem.StoredChannels(model.Weights.Network), input.Height, input.Width, dataset.ClassNames)
            .Write(folder.StagedFile(PackageFiles.Config));
        PreprocessorConfig.InColour(input.Height, input.Width, model.Normalization).Write(folder.StagedFile(PackageFiles.Preprocessor));
        AtomicFile.Write(folder.StagedFile(PackageFiles.Weights), model.WeightsFile);
        CalibrationFile.Write(folder.StagedFile(PackageFiles.Calibration), calibration);
        OnnxFiles.Create(model.Weights, model.Normalization, calibration.Temperature, dataset).Write(folder.StagedFile);
        AtomicFile.Write(folder.StagedFile(PackageFiles.History), HistoryFile.Write(model.Epochs));
        LossesFile.Write(folder.StagedFile(PackageFiles.Losses), model);
        JsonObject metrics = MetricsFile.Create(
            model, Hash(model.WeightsFile), validation, test, dataset, DataSummary.Of(dataset.Train, testImages));
        if (test is not null)
        {
            SampleImages.Write(folder, test.Images);
            metrics["samples"] = SampleImages.Answers(test, dataset.ClassNames);
        }

        MetricsFile.Write(folder.StagedFile(PackageFiles.Metrics), metrics);
        CreateLock(folder, model, dataset, testImages).Write(folder.StagedFile(PackageFiles.Lock));
        AtomicFile.Write(folder.StagedFile(PackageFiles.Card), ModelCard.Create(folder.StagingPath));
        if ((test ?? validation) is { } judged)
        {
            var gallery = ErrorGallery.Explain(judged, model.Weights, model.Normalization, dataset.Train, model.Split.Train.ToArray(), team);
            AtomicFile.Write(folder.StagedFile(PackageFiles.Report), ReportPage.Create(folder.StagingPath, judged, gallery));
        }

        cancellation.ThrowIfCancellationRequested();
        folder.Commit();
        return test;
    }

    /// <summary>The loss of every chunk of every step, [steps, chunks].</summary>
    /// <exception cref="ModelFormatException">The file is missing or holds something else.</exception>
    internal NamedTensor ReadLosses() => Existing(System.IO.Path.Combine(Path, PackageFiles.Losses), LossesFile.Read);

    /// <summary>Judges the model by one split of a dataset.</summary>
    /// <param name="dataset">The same as the model was trained on, or another with as many classes and channels.</param>
    /// <param name="split"><c>test</c>, <c>validation</c> or <c>train</c>; opening the test images is counted.</param>
    /// <param name="team">Threads.</param>
    /// <exception cref="DataFormatException">The dataset doesn't fit the model, or has no such split.</exception>
    public PackageEvaluation Evaluate(ImageDataset dataset, string split, Engine.Execution.WorkerTeam team)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (dataset.ClassNames.Count != Classes.Count || dataset.Channels != Weights.Network.Input.Channels)
        {
            throw new DataFormatException(
                dataset.Name, null,
                $"{Classes.Count} classes and {Weights.Network.Input.Channels} channel(s), as the model has",
                $"{dataset.ClassNames.Count} and {dataset.Channels}",
                "Choose a dataset like the one it was trained on.");
        }

        if (split == "test")
        {
            ImageSet test = dataset.Test?.Open() ?? throw Missing(dataset, split);
            return new PackageEvaluation(
                split,
                Judge(Weights, Normalization, Calibration, test, [.. Enumerable.Range(0, test.Count)], team),
                test.Fingerprint == Lock.Data.Fingerprints.Test);
        }

        DataSplit parts = SplitOf(dataset);
        int[] indices = (split == "validation" ? parts.Validation : parts.Train).ToArray();
        return indices.Length == 0
            ? throw Missing(dataset, split)
            : new PackageEvaluation(
                split, Judge(Weights, Normalization, Calibration, dataset.Train, indices, team), parts.Hash == Lock.Split.Hash);
    }

    /// <summary>Judges the model by the images of an evaluation, corrupted.</summary>
    /// <param name="evaluation">What came out without corruption.</param>
    /// <param name="team">Threads.</param>
    /// <param name="progress">Told of every corruption when it is judged; null for nobody.</param>
    /// <param name="cancellation">Ends the work between two corruptions.</param>
    public RobustnessResult EvaluateRobustness(
        PackageEvaluation evaluation, Engine.Execution.WorkerTeam team, Action<CorruptionScore>? progress = null, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return RobustnessEvaluator.Evaluate(Weights, Normalization, evaluation.Evaluation, evaluation.Split, team, progress, cancellation);
    }

    /// <summary>
    /// Writes an evaluation into <c>metrics.json</c> and <c>report.html</c>, if it was over the package's own data; every further look at the
    /// test images is counted in the lock.
    /// </summary>
    /// <param name="evaluation">What came out.</param>
    /// <param name="speed">Of this machine.</param>
    /// <param name="robustness">On the same images, corrupted; null leaves what is there.</param>
    /// <param name="dataset">What the evaluation was over.</param>
    /// <param name="team">Threads.</param>
    public void Record(
        PackageEvaluation evaluation, InferenceSpeed speed, RobustnessResult? robustness, ImageDataset dataset, Engine.Execution.WorkerTeam team)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!evaluation.IsOwnData)
        {
            return;
        }

        string path = System.IO.Path.Combine(Path, PackageFiles.Metrics);
        JsonObject metrics = File.Exists(path) ? MetricsFile.Read(path) : [];

        // Member by member: "train" also says how long training took.
        JsonObject section = metrics[evaluation.Split] as JsonObject ?? [];
        foreach ((string key, JsonNode? value) in MetricsFile.Section(evaluation.Evaluation, Classes))
        {
            section[key] = value?.DeepClone();
        }

        metrics[evaluation.Split] = section;
        metrics[MetricsFile.Speed] = MetricsFile.Section(speed);
        if (robustness is not null)
        {
            metrics[MetricsFile.Robustness] = MetricsFile.Section(robustness);
        }

        ChangeFiles(() =>
        {
            MetricsFile.Write(path, metrics);
            if (evaluation.Split == "test")
            {
                WriteOpened(Lock);
            }

            WriteReport(evaluation, dataset, team);
        });
    }

    /// <summary>Counts a look at the package's own test images that changes no figure.</summary>
    internal void CountOpening(PackageEvaluation evaluation)
    {
        if (evaluation is { IsOwnData: true, Split: "test" })
        {
            ChangeFiles(() => WriteOpened(Lock));
        }
    }

    /// <summary>Writes the lock with one look at the test images more.</summary>
    private void WriteOpened(PackageLock packageLock) =>
        (packageLock with { TestOpenings = packageLock.TestOpenings + 1 }).Write(System.IO.Path.Combine(Path, PackageFiles.Lock));

    /// <summary>The report is about the test images, or without any about the validation images, if they show the data that was trained on.</summary>
    private void WriteReport(PackageEvaluation evaluation, ImageDataset dataset, Engine.Execution.WorkerTeam team)
    {
        DataSplit parts = SplitOf(dataset);
        string subject = Lock.Data.Fingerprints.Test is null ? "validation" : "test";
        if (evaluation.Split != subject || parts.Hash != Lock.Split.Hash || dataset.Train.Fingerprint != Lock.Data.Fingerprints.Train)
        {
            return;
        }

        var gallery = ErrorGallery.Explain(evaluation.Evaluation, Weights, Normalization, dataset.Train, parts.Train.ToArray(), team);
        AtomicFile.Write(System.IO.Path.Combine(Path, PackageFiles.Report), ReportPage.Create(Path, evaluation.Evaluation, gallery));
    }

    /// <summary>Chooses on the validation images, and says what they make of it; without any, nothing is chosen.</summary>
    private static (Calibration Calibration, ModelEvaluation? Validation) Calibrate(
        TrainedModel model, ImageDataset dataset, Engine.Execution.WorkerTeam team)
    {
        int[] held = model.Split.Validation.ToArray();
        if (held.Length == 0)
        {
            return (Calibration.None, null);
        }

        LabelledLogits answers = ModelEvaluator.Ask(model.Weights, model.Normalization, dataset.Train, held, team);
        var calibration = Calibration.Fit(answers);
        return (calibration, new ModelEvaluation(answers, calibration, dataset.Train, held));
    }

    private static ModelEvaluation Judge(
        NetworkWeights weights, Normalization normalization, Calibration calibration, ImageSet images, int[] indices, Engine.Execution.WorkerTeam team) =>
        new(ModelEvaluator.Ask(weights, normalization, images, indices, team), calibration, images, indices);

    private DataSplit SplitOf(ImageDataset dataset) =>
        dataset.Split(Math.Min(Lock.Recipe.Split.CountOf(dataset.Train.Count), dataset.Train.Count / 2), Lock.Seed);

    /// <summary>
    /// Writes the ONNX files and how far they agree with the engine; the lock gets their hashes, and counts the look at the test
    /// images.
    /// </summary>
    /// <param name="files">The ONNX files.</param>
    /// <param name="parity">Over the package's own test images.</param>
    public void Record(OnnxFiles files, OnnxParity parity)
    {
        string Named(string name) => System.IO.Path.Combine(Path, name);
        Dictionary<string, string> hashes = Lock.Files.Concat(files.Hashes).GroupBy(file => file.Key).ToDictionary(file => file.Key, file => file.Last().Value);
        ChangeFiles(() =>
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Named(PackageFiles.Onnx))!);
            files.Write(Named);
            parity.Write(Named(PackageFiles.Parity));
            WriteOpened(Lock with { Files = hashes });
        });
    }

    /// <summary>Changes what the card tells of; a card that nobody has edited goes with it.</summary>
    private void ChangeFiles(Action change)
    {
        bool isGenerated = ModelCard.IsGenerated(Path);
        change();
        if (isGenerated)
        {
            AtomicFile.Write(System.IO.Path.Combine(Path, PackageFiles.Card), ModelCard.Remake(Path)!);
        }
    }

    /// <summary>Waits for predictions in progress and frees the model; what needs it throws from then on.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        Weights.Dispose();
    }

    private static DataFormatException Missing(ImageDataset dataset, string split) => new(
        dataset.Name, null, $"{split} images", "none", "Choose another split, or data that has it.");

    private static PackageLock CreateLock(PackageFolder folder, TrainedModel model, ImageDataset dataset, ImageSet? testImages)
    {
        string[] rebuildable =
        [
            PackageFiles.Config, PackageFiles.Preprocessor, PackageFiles.Weights, PackageFiles.Calibration, PackageFiles.Onnx,
            PackageFiles.OnnxWithPreprocessing, PackageFiles.History, PackageFiles.Losses,
            .. PackageFiles.Samples.Where(name => File.Exists(System.IO.Path.Combine(folder.StagingPath, name))),
        ];
        return new PackageLock(
            NumericContract.Number,
            new LockedProduct("Inkling", ProductVersion.Number, ProductVersion.Commit),
            model.Recipe,
            model.Seed,
            new LockedData(
                dataset.Name,
                dataset.Train.FileHashes.Concat(testImages?.FileHashes ?? ImmutableDictionary<string, string>.Empty)
                    .DistinctBy(file => file.Key).ToDictionary(),
                new LockedFingerprints(dataset.Train.Fingerprint, testImages?.Fingerprint),
                dataset.ClassNames,
                LockedExclusions.Of(dataset)),
            LockedSplit.Of(model.Split),
            LockedNormalization.Of(model.Normalization),
            new LockedWeights(model.InitialHash, model.Steps, [.. model.Epochs.Select(epoch => epoch.WeightsHash)]),
            rebuildable.ToDictionary(name => name, name => Hash(File.ReadAllBytes(folder.StagedFile(name)))),
            dataset.Test?.Openings ?? 0,
            LockedMachine.Current);
    }

    private static Network BuildNetwork(HuggingFaceConfig config, int channels, string path)
    {
        try
        {
            return new Network(
                new Shape(channels, config.Height, config.Width), config.Network.Expand(config.Classes.Count));
        }
        catch (Exception e) when (e is ShapeMismatchException or ArgumentException)
        {
            throw new ModelFormatException(path, "layers that fit each other", e.Message, "Take the package again from where it came.", e);
        }
    }

    private static void CheckHash(string path, string expected)
    {
        string actual = Existing(path, file => Hash(File.ReadAllBytes(file)));
        if (actual != expected)
        {
            throw new ModelFormatException(
                path, $"SHA-256 {expected}, as in {PackageFiles.Lock}", actual, "The file was changed or damaged; take the package again from where it came.");
        }
    }

    private static T Existing<T>(string path, Func<string, T> read) => File.Exists(path)
        ? read(path)
        : throw new ModelFormatException(path, "a file of the package", "nothing", "Take the whole package folder, or train it again.");

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
