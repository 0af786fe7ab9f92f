using System.CommandLine;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Hub;
using Inkling.Publishing;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling compare</c>: two packages on the same images.</summary>
internal static class CompareCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var first = new Argument<string>("A") { Description = "a package: a folder, 'default' or USER/NAME[@REV]" };
        var second = new Argument<string>("B") { Description = "the other" };
        first.Validators.Add(result => SharedOptions.RequireText(result, first.Name));
        second.Validators.Add(result => SharedOptions.RequireText(result, second.Name));
        Option<string?> data = SharedOptions.DataOfPackage();
        Option<string?> exclusions = DataOptions.Exclusions();
        Option<bool> offline = DataOptions.Offline();
        var split = new Option<string>("--split")
        {
            Description = "test, or validation if both kept the same images", DefaultValueFactory = _ => "test", HelpName = "S",
        };
        split.AcceptOnlyFromAmong("test", "validation");
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();

        var command = new Command("compare", "Judge two packages by the same images: is one better, or is it luck?")
        {
            first, second, data, exclusions, offline, split, threads, json,
        };
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(
                terminal,
                (parsed.GetRequiredValue(first), SharedOptions.Locate(terminal, parsed.GetRequiredValue(first), cancellation)),
                (parsed.GetRequiredValue(second), SharedOptions.Locate(terminal, parsed.GetRequiredValue(second), cancellation)),
                new DataChoice(parsed.GetValue(data), parsed.GetValue(exclusions), parsed.GetValue(offline)),
                parsed.GetRequiredValue(split),
                parsed.GetValue(threads),
                parsed.GetValue(json)),
            cancellation));
        return command;
    }

    private static int Run(
        Terminal terminal, (string Name, PackageLocation Place) first, (string Name, PackageLocation Place) second, DataChoice data,
        string split, int threads, bool json)
    {
        using TrainedPackage a = TrainedPackage.Open(first.Place.Folder);
        using TrainedPackage b = TrainedPackage.Open(second.Place.Folder);
        PackageComparison.RequireComparable(a, b, data.Data);
        ImageDataset ofA = data.Load(terminal, a.Lock);
        ImageDataset ofB = a.Lock.Recipe.Input == b.Lock.Recipe.Input ? ofA : data.Load(terminal, b.Lock);
        using var team = new WorkerTeam(threads);
        PackageComparison comparison = DataAccessException.Guard(() => PackageComparison.Between(
            new ComparedPackage(a, ofA, first.Place.MayWrite), new ComparedPackage(b, ofB, second.Place.MayWrite), split, team));
        if (json)
        {
            terminal.WriteJson(ToJson(comparison, a.Classes));
        }
        else
        {
            ComparisonDisplay.Write(terminal, comparison, first.Name, second.Name, a.Classes);
        }

        return ExitCode.Success;
    }

    private static JsonObject ToJson(PackageComparison comparison, IReadOnlyList<string> classes)
    {
        PairedComparison result = comparison.Result;
        return new JsonObject
        {
            ["split"] = comparison.Split,
            ["n"] = result.Count,
            ["outcome"] = ComparisonDisplay.Key(result.Outcome),
            ["a"] = new JsonObject { ["accuracy"] = result.FirstAccuracy },
            ["b"] = new JsonObject { ["accuracy"] = result.SecondAccuracy },
            ["difference"] = result.Difference,
            ["difference_interval95"] = new JsonArray(result.DifferenceInterval95.Low, result.DifferenceInterval95.High),
            ["p_value"] = result.PValue,
            ["both_right"] = result.BothRight,
            ["only_a_right"] = result.OnlyFirst,
            ["only_b_right"] = result.OnlySecond,
            ["both_wrong"] = result.BothWrong,
            ["differences"] = new JsonArray([.. comparison.Differences.Select(image => (JsonNode)new JsonObject
            {
                ["index"] = image.Index,
                ["image"] = image.Name,
                ["label"] = classes[image.Label],
                ["a"] = classes[image.First],
                ["b"] = classes[image.Second],
            })]),
        };
    }
}
