using System.CommandLine;
using System.CommandLine.Parsing;
using Inkling.Cli.Display;
using Inkling.Hub;
using Inkling.Publishing;
using Inkling.Space;

namespace Inkling.Cli.Commands;

/// <summary><c>inkling publish</c>: puts a package onto the Hub, in one commit.</summary>
internal static class PublishCommand
{
    internal static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> package = SharedOptions.OwnPackage();
        var name = new Argument<string>("USER/NAME")
        {
            Description = "a repository of yours or of an organisation; made if it isn't there. With --org, NAME is enough",
        };
        var organisation = new Option<string?>("--org") { Description = "the organisation whose repository NAME is", HelpName = "ORG" };
        name.Validators.Add(result => RequireRepository(result, organisation));
        var space = new Option<bool>("--space")
        {
            Description = "also publish a static Space: a page where people draw a digit and their browser reads it",
        };
        var isPrivate = new Option<bool>("--private") { Description = "only you see a repository that has to be made" };
        var createPr = new Option<bool>("--create-pr") { Description = "propose it as a pull request" };
        var revision = new Option<string>("--revision")
        {
            Description =
                "the branch; made from main if it isn't there", DefaultValueFactory = _ => HubReference.DefaultRevision, HelpName = "R",
        };
        revision.Validators.Add(RequireRevision);
        var dryRun = new Option<bool>("--dry-run") { Description = "check everything and list what would be sent" };

        var command = new Command("publish", "Put a package onto the Hugging Face Hub.")
        {
            package, name, organisation, space, isPrivate, createPr, revision, dryRun,
        };
        command.SetAction(parsed => SharedOptions.Interruptible(
            () => Run(
                terminal,
                parsed.GetRequiredValue(package),
                new Publication(
                    new HubRepository(HubRepositoryType.Model, IdOf(parsed.GetRequiredValue(name), parsed.GetValue(organisation))))
                {
                    Revision = parsed.GetRequiredValue(revision),
                    IsPrivate = parsed.GetValue(isPrivate),
                    AsPullRequest = parsed.GetValue(createPr),
                    IsDryRun = parsed.GetValue(dryRun),
                },
                parsed.GetValue(space),
                cancellation),
            cancellation));
        return command;
    }

    private static int Run(Terminal terminal, string package, Publication publication, bool withSpace, CancellationToken cancellation)
    {
        HubSettings settings = terminal.Hub();
        if (withSpace)
        {
            // First, so that a model that can't have a page is refused before anything is sent.
            Write(terminal, publication, TransferDisplay.Watch(
                terminal, $"Publishing the Space {publication.Repository}",
                progress => new SpacePublisher(settings).PublishAsync(package, publication, progress, cancellation)));
        }

        Write(terminal, publication, TransferDisplay.Watch(
            terminal, $"Publishing to {publication.Repository}", progress => new PackagePublisher(settings).PublishAsync(
                package, publication, progress, cancellation)));
        return ExitCode.Success;
    }

    private static void Write(Terminal terminal, Publication publication, PublicationResult result)
    {
        string verb = publication.IsDryRun ? "would send" : "sent";
        foreach ((string path, long size) in result.Sent)
        {
            terminal.WriteLine($"{verb} {path} ({TransferDisplay.Size(size)})");
        }

        foreach (string path in result.Removed)
        {
            terminal.WriteLine($"{(publication.IsDryRun ? "would remove" : "removed")} {path}");
        }

        string kind = result.Repository.Type == HubRepositoryType.Space ? "Space " : "";
        string place = $"{kind}{result.Repository} ({publication.Revision})";
        terminal.WriteLine(
            result.Sent.Count + result.Removed.Count == 0 ? $"{place}: nothing has changed"
            : publication.IsDryRun ? $"{place}: nothing was sent"
            : result.PullRequest is { } page ? $"{place}: proposed in {page}"
            : $"{place} is commit {result.Commit}");
    }

    private static string IdOf(string name, string? organisation) => organisation is null ? name : $"{organisation}/{name}";

    private static void RequireRepository(ArgumentResult result, Option<string?> organisation)
    {
        if (result.Tokens is [var token] && IdOf(token.Value, result.GetValue(organisation)) is var id
            && !(HubReference.Parse(id) is { } reference && reference.Repository.Id == id))
        {
            result.AddError($"{id}: expected USER/NAME, or NAME with --org, with 1 to 96 letters, digits, '-', '_' and '.' each.");
        }
    }

    private static void RequireRevision(OptionResult result)
    {
        if (result.Tokens is [var token] && HubReference.Parse("user/name@" + token.Value) is null)
        {
            result.AddError($"--revision: expected the name of a branch, got {token.Value}.");
        }
    }
}
