using System.Globalization;
using Inkling.Evaluation;
using Spectre.Console;

namespace Inkling.Cli;

/// <summary>Metrics for people.</summary>
internal static class MetricsDisplay
{
    /// <summary>More classes than this are told by their averages alone.</summary>
    private const int MaxRows = 30;

    internal static void Write(Terminal terminal, string split, ClassificationMetrics metrics, IReadOnlyList<string> classNames)
    {
        terminal.WriteLine(
            $"{split}: {Percent(metrics.Accuracy)} accuracy on {metrics.Count} images, "
            + $"95 % interval {Percent(metrics.AccuracyInterval95.Low)} to {Percent(metrics.AccuracyInterval95.High)}, "
            + $"{metrics.Count - metrics.Confusion.Correct} wrong");
        terminal.WriteLine(
            $"macro precision {Percent(metrics.MacroPrecision)}, recall {Percent(metrics.MacroRecall)}, F1 {Percent(metrics.MacroF1)}, "
            + $"calibration error {Percent(metrics.ExpectedCalibrationError)}");
        if (classNames.Count > MaxRows)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn("class");
        foreach (string header in (string[])["images", "precision", "recall", "F1", "most often taken for"])
        {
            table.AddColumn(new TableColumn(header).RightAligned());
        }

        foreach (ClassMetrics c in metrics.PerClass)
        {
            table.AddRow(
                Terminal.Cell(classNames[c.Label]),
                c.Support.ToString(CultureInfo.InvariantCulture),
                Percent(c.Precision),
                Percent(c.Recall),
                Percent(c.F1),
                Terminal.Cell(MostFrequentMistake(metrics.Confusion, c.Label, classNames)));
        }

        terminal.Output.Write(table);
    }

    private static string MostFrequentMistake(ConfusionMatrix confusion, int label, IReadOnlyList<string> classNames)
    {
        int worst = Enumerable.Range(0, classNames.Count).Where(k => k != label).MaxBy(k => confusion[label, k]);
        return confusion[label, worst] == 0 ? "" : $"{classNames[worst]} ({confusion[label, worst]})";
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");
}
