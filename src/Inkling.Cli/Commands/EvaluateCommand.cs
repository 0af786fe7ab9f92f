using System.CommandLine;
using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine.Execution;
using Inkling.Hub;
using Inkling.Packaging;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling evaluate</c>: judges a package by labelled images.</summary>
internal static class EvaluateCommand
{
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
        if (json)
        {
            terminal.WriteJson(new JsonObject { [split] = MetricsFile.Section(evaluation.Metrics, package.Classes) });
        }
        else
        {
            MetricsDisplay.Write(terminal, split, evaluation.Metrics, package.Classes);
        }

        // Last, so that a package that can't be written to still shows its figures. The cache and what ships are not ours to change.
        if (location.MayWrite)
        {
            package.Record(evaluation);
        }

        return ExitCode.Success;
    }
}
