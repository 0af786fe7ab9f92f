using System.CommandLine;
using System.Text.Json.Nodes;
using Inkling.Cli.Display;
using Inkling.Hub;
using Inkling.Publishing;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling pull</c>: fetches a package from the Hub into the cache of the official clients.</summary>
internal static class PullCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var name = new Argument<string>("USER/NAME[@REV]")
        {
            Description = "a package on the Hugging Face Hub; REV is a branch, tag or commit",
        };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && HubReference.Parse(token.Value) is null)
            {
                result.AddError($"{token.Value}: expected USER/NAME or USER/NAME@REV, as the Hub has them.");
            }
        });
        Option<bool> json = SharedOptions.Json();

        var command = new Command("pull", "Fetch a package from the Hugging Face Hub.") { name, json };
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(terminal, HubReference.Parse(parsed.GetRequiredValue(name))!, parsed.GetValue(json), cancellation), cancellation));
        return command;
    }

    private static int Run(Terminal terminal, HubReference reference, bool json, CancellationToken cancellation)
    {
        var pull = new PackagePull(terminal.Hub());
        PulledPackage pulled = TransferDisplay.Watch(
            terminal, $"Fetching {reference}", progress => pull.PullAsync(reference, progress, cancellation));
        if (pulled.Unreached is { } unreached)
        {
            throw unreached;
        }

        // Whatever has come is only of use if it is what its lock says.
        TrainedPackage.Open(pulled.Folder).Dispose();
        if (json)
        {
            terminal.WriteJson(new JsonObject { ["commit"] = pulled.Commit, ["folder"] = pulled.Folder });
        }
        else
        {
            terminal.WriteLine($"{reference} is commit {pulled.Commit}, in {pulled.Folder}");
        }

        return ExitCode.Success;
    }
}
