using System.CommandLine;
using Inkling.Cli.Display;
using Inkling.Hub;

namespace Inkling.Cli.Commands;

/// <summary>Options and arguments that several commands have.</summary>
internal static class SharedOptions
{
    /// <summary>A package to read, wherever it is.</summary>
    internal static Argument<string> Package() => PackageArgument(
        "a package folder, as 'train' leaves it; 'default', the model that ships; or USER/NAME[@REV] on the Hugging Face Hub");

    /// <summary>A package of the user's own, to write to or to send.</summary>
    internal static Argument<string> OwnPackage() => PackageArgument("a package folder, as 'train' leaves it");

    /// <summary>What to train.</summary>
    internal static Option<string> Recipe() => new("--recipe")
    {
        Description = $"{string.Join(", ", Training.Recipes.Recipe.BuiltIn)}, or a .json file",
        DefaultValueFactory = _ => "standard",
        HelpName = "R",
    };

    /// <summary>Data for commands that otherwise use what the package was trained on.</summary>
    internal static Option<string?> DataOfPackage()
    {
        var option = new Option<string?>("--data") { Description = "instead of what it was trained on", HelpName = "D" };
        option.Validators.Add(result => RequireText(result, option.Name));
        return option;
    }

    /// <summary>Finds what a PACKAGE argument means; what isn't a folder is fetched from the Hub.</summary>
    internal static PackageLocation Locate(Terminal terminal, string package, CancellationToken cancellation)
    {
        PackageLocation location = TransferDisplay.Watch(
            terminal, $"Fetching {package}", progress => PackageLocation.FindAsync(package, terminal.Hub, progress, cancellation));
        if (location.Pulled?.Unreached is { } unreached)
        {
            terminal.WriteErrorLine(
                $"inkling: the Hub can't be reached; using {package} as it was pulled before, commit {location.Pulled.Commit} ({unreached.Message})");
        }

        return location;
    }

    private static Argument<string> PackageArgument(string description)
    {
        var argument = new Argument<string>("PACKAGE") { Description = description };
        argument.Validators.Add(result => RequireText(result, argument.Name));
        return argument;
    }

    internal static Option<bool> Json() => new("--json") { Description = "one JSON value on standard output and nothing else" };

    internal static Option<int> Threads()
    {
        var option = new Option<int>("--threads")
        {
            Description = "threads to work with; decides the time, never a result",
            DefaultValueFactory = _ => Environment.ProcessorCount,
            HelpName = "T",
        };
        option.Validators.Add(result => RequireRange(result, option, 1, 256));
        return option;
    }

    /// <summary>
    /// Runs work that leaves nothing half-done, so that an interrupt may end it anywhere: even while it waits for standard input.
    /// </summary>
    internal static int Interruptible(Func<int> work, CancellationToken cancellation)
    {
        Task<int> task = Task.Run(work, CancellationToken.None);
        Task.WaitAny([task], cancellation);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Refuses an empty text when the line is parsed.</summary>
    internal static void RequireText(System.CommandLine.Parsing.SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{name}: expected a name or path, got an empty text.");
        }
    }

    /// <summary>Refuses a number outside a range when the line is parsed, before any work.</summary>
    internal static void RequireRange(System.CommandLine.Parsing.OptionResult result, Option<int> option, int low, int high)
    {
        // A value that isn't a number has its own error.
        if (result.Tokens is [var token] && int.TryParse(token.Value, out int value) && (value < low || value > high))
        {
            result.AddError($"{option.Name}: expected {low} to {high}, got {value}.");
        }
    }

    /// <summary>Refuses a number below 1 when the line is parsed, before any work.</summary>
    internal static void RequirePositive(System.CommandLine.Parsing.OptionResult result, Option<int?> option)
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out int value) && value < 1)
        {
            result.AddError($"{option.Name}: expected at least 1, got {value}.");
        }
    }
}
