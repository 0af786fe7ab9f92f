using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Evaluation.Explanations;
using Inkling.Evaluation.Robustness;
using Inkling.Packages;
using Inkling.Publishing.Card;
using Inkling.Publishing.Files;
using Inkling.Publishing.Onnx;
using Inkling.Publishing.Report;
using Inkling.Serialization;

namespace Inkling.Publishing;

/// <summary>Adds to a package what was found out about its model after training.</summary>
/// <param name="package">A package in a folder of one's own.</param>
public sealed class PackageRecorder(TrainedPackage package)
{
    /// <summary>
    /// Writes an evaluation into <c>metrics.json</c> and <c>report.html</c>, if it was over the package's own data; every further look at
    /// the
    /// test images is counted in the lock.
    /// </summary>
    /// <param name="evaluation">What came out.</param>
    /// <param name="speed">Of this machine.</param>
    /// <param name="robustness">On the same images, corrupted; null leaves what is there.</param>
    /// <param name="dataset">What the evaluation was over.</param>
    /// <param name="team">Threads.</param>
    public void Record(
        PackageEvaluation evaluation, InferenceSpeed speed, RobustnessResult? robustness, ImageDataset dataset, WorkerTeam team)
    {
        if (!evaluation.IsOwnData)
        {
            return;
        }

        string path = Path.Combine(package.Path, PackageFiles.Metrics);
        JsonObject metrics = File.Exists(path) ? MetricsFile.Read(path) : [];

        // Member by member: "train" also says how long training took.
        JsonObject section = metrics[evaluation.Split] as JsonObject ?? [];
        foreach ((string key, JsonNode? value) in MetricsFile.Section(evaluation.Evaluation, package.Classes))
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
                WriteOpened(package.Lock);
            }

            WriteReport(evaluation, dataset, team);
        });
    }

    /// <summary>Counts a look at the package's own test images that changes no figure.</summary>
    internal void CountOpening(PackageEvaluation evaluation)
    {
        if (evaluation is { IsOwnData: true, Split: "test" })
        {
            ChangeFiles(() => WriteOpened(package.Lock));
        }
    }

    /// <summary>Writes the lock with one look at the test images more.</summary>
    private void WriteOpened(PackageLock packageLock) =>
        (packageLock with { TestOpenings = packageLock.TestOpenings + 1 }).Write(Path.Combine(package.Path, PackageFiles.Lock));

    /// <summary>
    /// The report is about the test images, or without any about the validation images, if they show the data that was trained on.
    /// </summary>
    private void WriteReport(PackageEvaluation evaluation, ImageDataset dataset, WorkerTeam team)
    {
        DataSplit parts = package.SplitOf(dataset);
        string subject = package.Lock.Data.Fingerprints.Test is null ? "validation" : "test";
        if (evaluation.Split != subject || parts.Hash != package.Lock.Split.Hash
            || dataset.Train.Fingerprint != package.Lock.Data.Fingerprints.Train)
        {
            return;
        }

        var gallery = ErrorGallery.Explain(
            evaluation.Evaluation, package.Weights, package.Normalization, dataset.Train, parts.Train.ToArray(), team);
        AtomicFile.Write(Path.Combine(package.Path, PackageFiles.Report), ReportPage.Create(package.Path, evaluation.Evaluation, gallery));
    }

    /// <summary>
    /// Writes the ONNX files and how far they agree with the engine; the lock gets their hashes, and counts the look at the test
    /// images.
    /// </summary>
    /// <param name="files">The ONNX files.</param>
    /// <param name="parity">Over the package's own test images.</param>
    public void Record(OnnxFiles files, OnnxParity parity)
    {
        string Named(string name) => Path.Combine(package.Path, name);
        Dictionary<string, string> hashes = package.Lock.Files.Concat(files.Hashes).GroupBy(file => file.Key).ToDictionary(
            file => file.Key, file => file.Last().Value);
        ChangeFiles(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Named(PackageFiles.Onnx))!);
            files.Write(Named);
            parity.Write(Named(PackageFiles.Parity));
            WriteOpened(package.Lock with { Files = hashes });
        });
    }

    /// <summary>Changes what the card tells of; a card that nobody has edited goes with it.</summary>
    private void ChangeFiles(Action change)
    {
        bool isGenerated = ModelCard.IsGenerated(package.Path);
        change();
        if (isGenerated)
        {
            AtomicFile.Write(Path.Combine(package.Path, PackageFiles.Card), ModelCard.Remake(package.Path)!);
        }
    }
}
