using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine.Execution;
using Inkling.Evaluation.Robustness;
using Inkling.Hub;
using Inkling.Packaging;
using Inkling.Serialization;
using Spectre.Console;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling evaluate</c>: judges a package by labelled images.</summary>
internal static class EvaluateCommand
{
    private const int ExampleImages = 8;

    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> package = SharedOptions.Package();
        Option<string?> data = SharedOptions.DataOfPackage();
        Option<string?> exclusions = DataOptions.Exclusions();
        Option<bool> offline = DataOptions.Offline();
        var split = new Option<string>("--split") { Description = "test, validation or train", DefaultValueFactory = _ => "test", HelpName = "S" };
        split.AcceptOnlyFromAmong("test", "validation", "train");
        var corruptions = new Option<bool>("--corruptions")
        {
            Description = "also on the images corrupted in fifteen ways, which takes sixteen times as long",
        };
        var examples = new Option<string?>("--examples") { Description = "with --corruptions: some of these images as a PNG", HelpName = "FILE" };
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
        using ModelPackage package = ModelPackage.Open(location.Folder);
        ImageDataset dataset = data.Load(terminal, package.Lock);
        using var team = new WorkerTeam(threads);
        PackageEvaluation evaluation = DataAccessException.Guard(() => package.Evaluate(dataset, split, team));
        RobustnessResult? robustness = corruptions.AreWanted
            ? package.EvaluateRobustness(dataset, split, team, score => Tell(terminal, score), cancellation)
            : null;
        if (json)
        {
            var result = new JsonObject { [split] = MetricsFile.Section(evaluation.Metrics, package.Classes) };
            if (robustness is not null)
            {
                result["robustness"] = RobustnessSection.Write(robustness);
            }

            terminal.WriteJson(result);
        }
        else
        {
            MetricsDisplay.Write(terminal, split, evaluation.Metrics, package.Classes);
            if (robustness is not null)
            {
                RobustnessDisplay.Write(terminal, robustness);
            }
        }

        if (corruptions.Examples is { } file)
        {
            AtomicFile.Write(file, package.DrawCorruptions(dataset, split, ExampleImages, team));
        }

        // Last, so that a package that can't be written to still shows its figures. The cache and what ships are not ours to change.
        if (location.MayWrite)
        {
            if (robustness is not null && evaluation.IsOwnData)
            {
                package.Record(robustness);
            }

            package.Record(evaluation);
        }

        return ExitCode.Success;
    }

    private static void Tell(Terminal terminal, CorruptionScore score) => terminal.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{score.Corruption.Id}: {100 * score.Accuracy:F2} %"));

    /// <param name="AreWanted">Whether to judge by corrupted images too.</param>
    /// <param name="Examples">Where to draw some; null for nowhere.</param>
    private sealed record Corruptions(bool AreWanted, string? Examples);
}
