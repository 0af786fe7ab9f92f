using System.CommandLine;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Serialization;
using Inkling.Verification;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling diff</c>: what differs between two packages or two locks.</summary>
internal static class DiffCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var first = new Argument<string>("A")
        {
            Description = "a package folder, a lock file, 'default', or USER/NAME[@REV] on the Hugging Face Hub",
        };
        var second = new Argument<string>("B") { Description = "the other" };
        first.Validators.Add(result => SharedOptions.RequireText(result, first.Name));
        second.Validators.Add(result => SharedOptions.RequireText(result, second.Name));
        Option<bool> json = SharedOptions.Json();

        var command = new Command("diff", "Show what differs between two packages or locks, the first difference first.")
        {
            first, second, json,
        };
        command.SetAction(parsed => Run(
            terminal,
            SharedOptions.Locate(terminal, parsed.GetRequiredValue(first), cancellation).Folder,
            SharedOptions.Locate(terminal, parsed.GetRequiredValue(second), cancellation).Folder,
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string first, string second, bool json)
    {
        PackageDifference difference = PackageDifference.Between(first, second);
        if (json)
        {
            terminal.WriteJson(ToJson(difference));
        }
        else
        {
            Write(terminal, difference);
        }

        return difference.IsNone ? ExitCode.Success : ExitCode.CheckFailed;
    }

    private static void Write(Terminal terminal, PackageDifference difference)
    {
        if (difference.IsNone)
        {
            terminal.WriteLine("The same, whatever machine and program they are from.");
        }

        VerificationDisplay.Write(terminal, difference.Locks, "A", "B");
        if (difference.Loss is { } loss)
        {
            terminal.WriteLine($"losses part at step {loss.Step}, chunk {loss.Chunk}: A {VerificationDisplay.Number(loss.Recorded)}, B {VerificationDisplay.Number(loss.Rebuilt)}");
        }

        if (difference.Tensor is { } tensor)
        {
            terminal.WriteLine($"first value of the models that differs: {VerificationDisplay.Text(tensor)}");
        }

        VerificationDisplay.Write(terminal, difference.Metrics, "A", "B");
    }

    internal static JsonObject ToJson(LossDifference loss, string first, string second) => new()
    {
        ["step"] = loss.Step,
        ["chunk"] = loss.Chunk,
        [first] = loss.Recorded,
        [second] = loss.Rebuilt,
    };

    private static JsonObject ToJson(PackageDifference difference) => new()
    {
        ["same"] = difference.IsNone,
        ["lock"] = ToJson(difference.Locks),
        ["loss"] = difference.Loss is { } loss ? ToJson(loss, "a", "b") : null,
        ["tensor"] = difference.Tensor is { } tensor ? VerifyCommand.ToJson(tensor) : null,
        ["metrics"] = ToJson(difference.Metrics),
    };

    private static JsonArray ToJson(IReadOnlyList<JsonDifference> differences) =>
        [.. differences.Select(difference => (JsonNode)new JsonObject
        {
            ["path"] = difference.Path, ["a"] = difference.First, ["b"] = difference.Second,
        })];
}
