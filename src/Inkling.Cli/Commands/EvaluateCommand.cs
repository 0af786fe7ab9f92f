using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Data;
using Inkling.Diagnostics;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Evaluation.Robustness;
using Inkling.Hub;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Files;
using Inkling.Serialization;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling evaluate</c>: judges a package by labelled images.</summary>
internal static class EvaluateCommand
{
    private const int BatchSize = 256;
    private const int ExampleImages = 8;

    private static readonly TimeSpan MeasuringTime = TimeSpan.FromSeconds(0.4);

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> package = SharedOptions.Package();
        Option<string?> data = SharedOptions.DataOfPackage();
        Option<string?> exclusions = DataOptions.Exclusions();
        Option<bool> offline = DataOptions.Offline();
        var split = new Option<string>("--split")
        {
            Description = "test, validation or train",
            DefaultValueFactory = _ => "test",
            HelpName = "S",
        };
        split.AcceptOnlyFromAmong("test", "validation", "train");
        var corruptions = new Option<bool>("--corruptions")
        {
            Description = "also on the images corrupted in fifteen ways, which takes sixteen times as long",
        };
        var examples = new Option<string?>("--examples")
        {
            Description = "with --corruptions: some of these images as a PNG",
            HelpName = "FILE",
        };
        examples.Validators.Add(result => SharedOptions.RequireText(result, examples.Name));
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command("evaluate", "Judge a package by labelled images.")
        {
            package, data, exclusions, offline, split, corruptions, examples, threads, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(examples) is not null && !result.GetValue(corruptions))
            {
                result.AddError("--examples: expected --corruptions with it, got it alone.");
            }
        });
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(
                terminal,
                SharedOptions.Locate(terminal, parsed.GetRequiredValue(package), cancellation),
                new DataChoice(parsed.GetValue(data), parsed.GetValue(exclusions), parsed.GetValue(offline)),
                parsed.GetRequiredValue(split),
                new Corruptions(parsed.GetValue(corruptions), parsed.GetValue(examples)),
                parsed.GetValue(threads),
                parsed.GetValue(json),
                cancellation),
            cancellation));
        return command;
    }

    private static int Run(
        Terminal terminal, PackageLocation location, DataChoice data, string split, Corruptions corruptions, int threads, bool json,
        CancellationToken cancellation)
    {
        using TrainedPackage package = TrainedPackage.Open(location.Folder);
        ImageDataset dataset = data.Load(terminal, package.Lock);
        using var team = new WorkerTeam(threads);
        var evaluator = new PackageEvaluator(package, team);
        PackageEvaluation evaluation = DataAccessException.Guard(() => evaluator.Evaluate(dataset, split));
        InferenceSpeed speed = NetworkBenchmark.MeasureInference(package.Weights, BatchSize, team, MeasuringTime);
        RobustnessResult? robustness = corruptions.AreWanted
            ? evaluator.EvaluateRobustness(evaluation, score => Tell(terminal, score), cancellation)
            : null;
        if (json)
        {
            WriteJson(terminal, package, evaluation, speed, robustness);
        }
        else
        {
            Write(terminal, package, evaluation, speed, robustness);
        }

        if (corruptions.Examples is { } file)
        {
            AtomicFile.Write(file, CorruptionSheet.Draw(
                evaluation.Evaluation.Images, evaluation.Evaluation.Indices.Take(ExampleImages).ToArray(), team));
        }

        // Last, so that a package that can't be written to still shows its figures. The cache and what ships are not ours to change.
        bool isRecorded = location.MayWrite && evaluation.IsOwnData;
        if (isRecorded)
        {
            new PackageRecorder(package).Record(evaluation, speed, robustness, dataset, team);
        }

        if (!json && split == "test" && evaluation.IsOwnData)
        {
            int openings = package.Lock.TestOpenings + 1;
            terminal.WriteLine(isRecorded
                ? $"These test images have now been opened {openings} times for this model: {Path.Combine(location.Folder, PackageFiles.Report)}"
                : $"These test images had been opened {package.Lock.TestOpenings} times for this model; this package is not to be written to, so this time isn't counted.");
        }

        return ExitCode.Success;
    }

    private static void WriteJson(
        Terminal terminal, TrainedPackage package, PackageEvaluation evaluation, InferenceSpeed speed, RobustnessResult? robustness)
    {
        var json = new JsonObject
        {
            [evaluation.Split] = MetricsFile.Section(evaluation.Evaluation, package.Classes),
            [MetricsFile.Speed] = MetricsFile.Section(speed),
        };
        if (robustness is not null)
        {
            json[MetricsFile.Robustness] = MetricsFile.Section(robustness);
        }

        terminal.WriteJson(json);
    }

    private static void Write(
        Terminal terminal, TrainedPackage package, PackageEvaluation evaluation, InferenceSpeed speed, RobustnessResult? robustness)
    {
        MetricsDisplay.Write(terminal, evaluation.Split, evaluation.Evaluation, package.Classes);
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{package.Weights.Network.ParameterCount:N0} parameters, {package.Weights.Network.MultiplyAdds:N0} multiply-adds an image; ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{speed.ImagesPerSecond:N0} images a second, {speed.MillisecondsPerImage:0.###} ms for one, {speed.Threads} {(speed.Threads == 1 ? "thread" : "threads")}"));
        if (robustness is not null)
        {
            RobustnessDisplay.Write(terminal, robustness);
        }
    }

    private static void Tell(Terminal terminal, CorruptionScore score) => terminal.WriteErrorLine(string.Create(
        CultureInfo.InvariantCulture, $"{score.Corruption.Id}: {100 * score.Accuracy:F2} %"));

    /// <param name="AreWanted">Whether to judge by corrupted images too.</param>
    /// <param name="Examples">Where to draw some; null for nowhere.</param>
    private sealed record Corruptions(bool AreWanted, string? Examples);
}
