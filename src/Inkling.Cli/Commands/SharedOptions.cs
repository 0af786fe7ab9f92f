using System.CommandLine;

namespace Inkling.Cli.Commands;

/// <summary>Options and arguments that several commands have.</summary>
internal static class SharedOptions
{
    internal static Argument<string> Package() => new("PACKAGE") { Description = "a package folder, as 'train' leaves it" };

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

    /// <summary>Refuses a number outside a range when the line is parsed, before any work.</summary>
    internal static void RequireRange(System.CommandLine.Parsing.OptionResult result, Option<int> option, int low, int high)
    {
        // A value that isn't a number has its own error.
        if (result.Tokens is [var token] && int.TryParse(token.Value, out int value) && (value < low || value > high))
        {
            result.AddError($"{option.Name}: expected {low} to {high}, got {value}.");
        }
    }
}
