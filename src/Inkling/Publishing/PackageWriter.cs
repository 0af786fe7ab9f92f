using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Evaluation.Explanations;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Publishing.Card;
using Inkling.Publishing.Files;
using Inkling.Publishing.Report;
using Inkling.Quality;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Publishing;

/// <summary>Makes a package of a model just trained.</summary>
public static class PackageWriter
{
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
        PackageFolder folder, TrainedModel model, ImageDataset dataset, WorkerTeam team, CancellationToken cancellation = default)
    {
        (Calibration calibration, ModelEvaluation? validation) = Calibrate(model, dataset, team);
        ImageSet? testImages = dataset.Test?.Open();
        ModelEvaluation? test = testImages is null
            ? null
            : ModelEvaluation.Of(
                model.Weights, model.Normalization, calibration, testImages, [.. Enumerable.Range(0, testImages.Count)], team);

        InputRecipe input = model.Recipe.Input;
        new HuggingFaceConfig(
            model.Recipe.Network, GreyStem.StoredChannels(model.Weights.Network), input.Height, input.Width, dataset.ClassNames)
            .Write(folder.StagedFile(PackageFiles.Config));
        PreprocessorConfig.InColour(input.Height, input.Width, model.Normalization).Write(folder.StagedFile(PackageFiles.Preprocessor));
        AtomicFile.Write(folder.StagedFile(PackageFiles.Weights), model.WeightsFile);
        calibration.Write(folder.StagedFile(PackageFiles.Calibration));
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
            var gallery = ErrorGallery.Explain(
                judged, model.Weights, model.Normalization, dataset.Train, model.Split.Train.ToArray(), team);
            AtomicFile.Write(folder.StagedFile(PackageFiles.Report), ReportPage.Create(folder.StagingPath, judged, gallery));
        }

        cancellation.ThrowIfCancellationRequested();
        folder.Commit();
        return test;
    }

    /// <summary>Chooses on the validation images, and says what they make of it; without any, nothing is chosen.</summary>
    private static (Calibration Calibration, ModelEvaluation? Validation) Calibrate(
        TrainedModel model, ImageDataset dataset, WorkerTeam team)
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

    private static PackageLock CreateLock(PackageFolder folder, TrainedModel model, ImageDataset dataset, ImageSet? testImages)
    {
        string[] rebuildable =
        [
            PackageFiles.Config, PackageFiles.Preprocessor, PackageFiles.Weights, PackageFiles.Calibration, PackageFiles.Onnx,
            PackageFiles.OnnxWithPreprocessing, PackageFiles.History, PackageFiles.Losses,
            .. PackageFiles.Samples.Where(name => File.Exists(Path.Combine(folder.StagingPath, name))),
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

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
