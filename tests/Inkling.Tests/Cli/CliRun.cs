using System.Text.Json.Nodes;
using Inkling.Cli;
using Inkling.Cli.Display;
using Inkling.Hub;
using Spectre.Console;

namespace Inkling.Tests.Cli;

/// <summary>One run of the command line inside this process, and what it said.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON value that it has to be.</summary>
    internal JsonNode Json => JsonNode.Parse(Output)!;

    internal static CliRun Of(params string[] args) => Of(Stream.Null, CancellationToken.None, args);

    /// <summary>On a machine that knows a Hub.</summary>
    internal static CliRun Of(Func<HubSettings> hub, params string[] args) =>
        Of(terminal => terminal with { Hub = hub }, Stream.Null, args, CancellationToken.None);

    internal static CliRun Of(Stream input, CancellationToken cancellation, params string[] args) =>
        Of(terminal => terminal, input, args, cancellation);

    private static CliRun Of(Func<Terminal, Terminal> change, Stream input, string[] args, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(Redirected(output), Redirected(error), output, () => input);
        int code = CommandLine.Run(args, change(terminal), cancellation);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that the command failed as all of them do: one line that tells why and hides where.</summary>
    internal void AssertRefused(int exitCode, params string[] words)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.Equal("", Output);
        AssertOneLine(Error, words);
    }

    /// <summary>Asserts that the command was stopped and ended with one line that tells what is kept.</summary>
    internal void AssertInterrupted(params string[] words)
    {
        Assert.Equal(130, ExitCode);
        AssertOneLine(Error[Error.LastIndexOf("inkling: ", StringComparison.Ordinal)..], words);
    }

    internal static void AssertOneLine(string error, params string[] words)
    {
        Assert.StartsWith("inkling: ", error, StringComparison.Ordinal);
        Assert.EndsWith("\n", error, StringComparison.Ordinal);
        Assert.DoesNotContain(error[..^1], char.IsControl);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("inside Inkling", error, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, error, StringComparison.Ordinal));
    }

    private static IAnsiConsole Redirected(StringWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(writer),
    });
}
