using System.Globalization;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Statistics;
using Spectre.Console;

namespace Inkling.Cli.Display;

/// <summary>Metrics for people.</summary>
internal static class MetricsDisplay
{
    /// <summary>More classes than this are told by their averages alone.</summary>
    private const int MaxRows = 30;

    private const int MostConfusions = 5;

    internal static void Write(Terminal terminal, string split, ModelEvaluation evaluation, IReadOnlyList<string> classNames)
    {
        ClassificationMetrics metrics = evaluation.Metrics;
        terminal.WriteLine(
            $"{split}: {Percent(metrics.Accuracy)} accuracy on {metrics.Count} images, "
            + $"95 % interval {Percent(metrics.AccuracyInterval95)}, {metrics.Count - metrics.Confusion.Correct} wrong; "
            + $"right among the two likeliest {Percent(metrics.TopTwoAccuracy)}");
        if (evaluation.AcceptedLabels is { } accepted)
        {
            terminal.WriteLine(
                $"without {metrics.Count - accepted.Count} images whose labels people rejected: {Percent(accepted.Accuracy)} of {accepted.Count}, "
                + $"95 % interval {Percent(accepted.AccuracyInterval95)}");
        }

        WriteProbabilities(terminal, evaluation);
        if (classNames.Count <= MaxRows)
        {
            terminal.Output.Write(Classes(metrics, classNames));
        }
        else
        {
            terminal.WriteLine(
                $"macro precision {Percent(metrics.MacroPrecision)}, recall {Percent(metrics.MacroRecall)}, F1 {Percent(metrics.MacroF1)}");
        }

        if (metrics.Confusion.Confusions is { Count: > 0 } confusions)
        {
            terminal.WriteLine("most often confused: " + string.Join(", ", confusions.Take(MostConfusions).Select(
                confusion => $"{classNames[confusion.Label]} taken for {classNames[confusion.Answer]} ({confusion.Count})")));
        }
    }

    private static void WriteProbabilities(Terminal terminal, ModelEvaluation evaluation)
    {
        Calibration calibration = evaluation.Calibration;
        ClassificationMetrics after = evaluation.Metrics;
        string Both(Func<ClassificationMetrics, string> number) => calibration.Temperature == 1
            ? number(after)
            : $"{number(after)} ({number(evaluation.Uncalibrated)} before)";

        terminal.WriteLine(
            $"calibration error {Both(m => Percent(m.ExpectedCalibrationError))}, of equal mass {Both(m => Percent(m.EqualMass.Error))}, "
            + $"NLL {Both(m => Number(m.NegativeLogLikelihood))}, Brier {Both(m => Number(m.Brier))}");
        string temperature = calibration.Temperature.ToString(CultureInfo.InvariantCulture);
        terminal.WriteLine(calibration.Images == 0
            ? "temperature 1: none was fitted on validation images"
            : $"temperature {temperature}, fitted on {calibration.Images} validation images");
        if (calibration.Threshold is { } threshold)
        {
            int answered = after.Abstention.Answered(threshold);
            terminal.WriteLine(
                $"not sure below {Percent(threshold)}: {after.Count - answered} of {after.Count} images; of the others {Percent(after.Abstention.Risk(answered))} are wrong");
        }
    }

    private static Table Classes(ClassificationMetrics metrics, IReadOnlyList<string> classNames)
    {
        // With 95 % intervals in brackets; narrow enough for 80 columns.
        var table = new Table().Border(TableBorder.Simple).AddColumn("class");
        foreach (string header in (string[])["images", "precision, %", "recall, %", "F1, %"])
        {
            table.AddColumn(new TableColumn(header).RightAligned().NoWrap());
        }

        foreach (ClassMetrics c in metrics.PerClass)
        {
            table.AddRow(Row(
                classNames[c.Label], c.Support, (c.Precision, c.PrecisionInterval95), (c.Recall, c.RecallInterval95),
                (c.F1, c.F1Interval95)));
        }

        MacroIntervals macro = metrics.MacroIntervals95;
        return table.AddRow(Row(
            "macro", metrics.Count, (metrics.MacroPrecision, macro.Precision), (metrics.MacroRecall, macro.Recall),
            (metrics.MacroF1, macro.F1)));
    }

    private static string[] Row(string name, int images, params (double Value, ProportionInterval Interval)[] shares) =>
    [
        Terminal.Cell(name), images.ToString(CultureInfo.InvariantCulture),
        .. shares.Select(share => $"{Short(share.Value)} ({End(share.Interval.Low)}–{End(share.Interval.High)})"),
    ];

    private static string Short(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture);

    private static string End(double share) => share >= 0.9995 ? "100" : (100 * share).ToString("F1", CultureInfo.InvariantCulture);

    private static string Percent(double share) => Short(share) + " %";

    private static string Percent(ProportionInterval interval) => $"{Percent(interval.Low)} to {Percent(interval.High)}";

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
