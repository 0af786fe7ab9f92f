using System.Text.Json.Nodes;
using Inkling.Hub;
using Inkling.Serialization;
using Spectre.Console;

namespace Inkling.Cli.Display;

/// <summary>Where a command's words go: results to standard output, progress and errors to standard error.</summary>
/// <param name="Output">For people.</param>
/// <param name="Error">For progress and errors.</param>
/// <param name="Json">For machines: standard output as it is.</param>
/// <param name="OpenInput">Opens standard input.</param>
internal sealed record Terminal(IAnsiConsole Output, IAnsiConsole Error, TextWriter Json, Func<Stream> OpenInput)
{
    /// <summary>Where the Hub is and who asks; looked up only by commands that need it.</summary>
    internal Func<HubSettings> Hub { get; init; } = HubSettings.FromEnvironment;

    /// <summary>A line for people: never wrapped, no markup.</summary>
    internal void WriteLine(string line) => Output.Profile.Out.Writer.WriteLine(Clean(line));

    /// <summary>A line of progress, or an error.</summary>
    internal void WriteErrorLine(string line) => Error.Profile.Out.Writer.WriteLine(Clean(line));

    /// <summary>Writes the one JSON value of a command.</summary>
    internal void WriteJson(JsonNode value) => Json.Write(CanonicalJson.Write(value));

    /// <summary>Text as one line that can't command a terminal: names of files and texts of packages may hold anything.</summary>
    internal static string Clean(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Replace('\t', ' ').Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>Text for a cell of a table.</summary>
    internal static string Cell(string text) => Markup.Escape(Clean(text));
}
