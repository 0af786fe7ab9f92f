using System.Globalization;
using Inkling.Quality;
using Spectre.Console;

namespace Inkling.Cli.Display;

/// <summary>A quality report on the terminal: a line a check, and the words of those that found something.</summary>
internal static class QualityDisplay
{
    private const int LabelErrorsShown = 10;

    internal static void Write(Terminal terminal, QualityReport report, string folder, string? exclusions)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn("check").AddColumn("split").AddColumn(new TableColumn("value").RightAligned())
            .AddColumn(new TableColumn("threshold").RightAligned()).AddColumn("verdict");
        foreach (QualityCheck check in report.Checks)
        {
            table.AddRow(
                Terminal.Cell(check.Title), check.Split, Number(check.Value), Number(check.Threshold),
                $"[{Colour(check.Verdict)}]{QualityJson.Name(check.Verdict)}[/]");
        }

        terminal.Output.Write(table);
        foreach (QualityCheck check in report.Checks.Where(check => check.Verdict > Verdict.Passed)
            .OrderByDescending(check => check.Verdict))
        {
            terminal.WriteLine($"{QualityJson.Name(check.Verdict)}: {check.Title} ({check.Split}): {check.Finding} {check.Measure}");
        }

        foreach (LabelError error in (report.LabelErrors ?? []).Take(LabelErrorsShown))
        {
            terminal.WriteLine(
                $"  {error.Image.Split} {error.Image.Name}: {error.Image.Label}, looks like {error.Suggested} ({Number(error.Score)})");
        }

        terminal.WriteLine($"Report: {Path.Combine(folder, "quality.html")}, for machines {Path.Combine(folder, "quality.json")}");
        if (exclusions is not null)
        {
            terminal.WriteLine($"{report.Exclusions.Count} training images to leave out: {exclusions}");
        }
    }

    private static string Colour(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "green",
        Verdict.Note => "blue",
        Verdict.Warning => "yellow",
        _ => "red",
    };

    private static string Number(double value) => value.ToString(double.IsInteger(value) ? "N0" : "F4", CultureInfo.InvariantCulture);
}
