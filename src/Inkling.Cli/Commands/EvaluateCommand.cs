using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Diagnostics;
using Inkling.Engine.Execution;
using Inkling.Evaluation;
using Inkling.Hub;
using Inkling.Packaging;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling evaluate</c>: judges a package by labelled images.</summary>
internal static class EvaluateCommand
{
    private const int BatchSize = 256;

    private static readonly TimeSpan MeasuringTime = TimeSpan.FromSeconds(0.4);

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> package = SharedOptions.Package();
        Option<string?> data = SharedOptions.DataOfPackage();
        Option<string?> exclusions = DataOptions.Exclusions();
        Option<bool> offline = DataOptions.Offline();
        var split = new Option<string>("--split") { Description = "test, validation or train", DefaultValueFactory = _ => "test", HelpName = "S" };
        split.AcceptOnlyFromAmong("test", "validation", "train");
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command("evaluate", "Judge a package by labelled images.") { package, data, exclusions, offline, split, threads, json };
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(
                terminal,
                SharedOptions.Locate(terminal, parsed.GetRequiredValue(package), cancellation),
                new DataChoice(parsed.GetValue(data), parsed.GetValue(exclusions), parsed.GetValue(offline)),
                parsed.GetRequiredValue(split),
                parsed.GetValue(threads),
                parsed.GetValue(json)),
            cancellation));
        return command;
    }

    private static int Run(
        Terminal terminal, PackageLocation location, DataChoice data, string split, int threads, bool json)
    {
        using ModelPackage package = ModelPackage.Open(location.Folder);
        ImageDataset dataset = data.Load(terminal, package.Lock);
        using var team = new WorkerTeam(threads);
        PackageEvaluation evaluation = DataAccessException.Guard(() => package.Evaluate(dataset, split, team));
        InferenceSpeed speed = NetworkBenchmark.MeasureInference(package.Weights, BatchSize, team, MeasuringTime);
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                [split] = MetricsFile.Section(evaluation.Evaluation, package.Classes),
                ["speed"] = MetricsFile.Section(speed),
            });
        }
        else
        {
            MetricsDisplay.Write(terminal, split, evaluation.Evaluation, package.Classes);
            terminal.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{package.Weights.Network.ParameterCount:N0} parameters, {package.Weights.Network.MultiplyAdds:N0} multiply-adds an image; ")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{speed.ImagesPerSecond:N0} images a second, {speed.MillisecondsPerImage:0.###} ms for one, {speed.Threads} threads"));
        }

        // Last, so that a package that can't be written to still shows its figures. The cache and what ships are not ours to change.
        bool isRecorded = location.MayWrite && evaluation.IsOwnData;
        if (isRecorded)
        {
            package.Record(evaluation, speed, dataset, team);
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
}
