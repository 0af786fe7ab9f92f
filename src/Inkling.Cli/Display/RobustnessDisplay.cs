using System.Globalization;
using Inkling.Evaluation.Robustness;
using Spectre.Console;

namespace Inkling.Cli.Display;

/// <summary>Accuracy on corrupted images, for people.</summary>
internal static class RobustnessDisplay
{
    internal static void Write(Terminal terminal, RobustnessResult result)
    {
        terminal.WriteLine(
            $"{MnistCLike.Name}, {result.Count} {result.Split} images: {Percent(result.MeanAccuracy)} mean accuracy over {result.Corruptions.Length} corruptions, "
            + $"{Percent(result.MeanError)} mean error"
            + (result.MeanRelativeError is { } mean ? $", {Times(mean)} times the {Percent(1 - result.CleanAccuracy)} without" : ""));
        var table = new Table().Border(TableBorder.Simple).AddColumn("corruption");
        foreach (string header in (string[])["severity", "accuracy", "95 % interval", "relative error"])
        {
            table.AddColumn(new TableColumn(header).RightAligned());
        }

        foreach (CorruptionScore score in result.Corruptions)
        {
            table.AddRow(
                score.Corruption.Id,
                score.Corruption.Severity?.ToString(CultureInfo.InvariantCulture) ?? "",
                Percent(score.Accuracy),
                $"{Percent(score.AccuracyInterval95.Low)} to {Percent(score.AccuracyInterval95.High)}",
                result.RelativeError(score) is { } error ? Times(error) : "");
        }

        terminal.Output.Write(table);
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    private static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:F1}");
}
