using System.Globalization;
using Inkling.Evaluation;
using Inkling.Publishing;
using Spectre.Console;

namespace Inkling.Cli.Display;

/// <summary>A comparison for people, the plain sentence first.</summary>
internal static class ComparisonDisplay
{
    /// <summary>More images than this are left to <c>--json</c>.</summary>
    private const int MaxRows = 40;

    internal static string Key(ComparisonOutcome outcome) => outcome switch
    {
        ComparisonOutcome.Better => "better",
        ComparisonOutcome.Worse => "worse",
        _ => "not_distinguishable",
    };

    internal static void Write(
        Terminal terminal, PackageComparison comparison, string first, string second, IReadOnlyList<string> classes)
    {
        PairedComparison result = comparison.Result;
        terminal.WriteLine(Sentence(comparison, first, second));
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"A {Percent(result.FirstAccuracy)}, B {Percent(result.SecondAccuracy)}; A − B {Points(result.Difference)} points, ")
            + $"95 % interval {Points(result.DifferenceInterval95.Low)} to {Points(result.DifferenceInterval95.High)} (Newcombe, paired)");
        terminal.WriteLine(
            $"both right {result.BothRight}, only A {result.OnlyFirst}, only B {result.OnlySecond}, both wrong {result.BothWrong}");
        if (comparison.Differences.IsEmpty)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("image", "is", "A says", "B says");
        foreach (DifferingAnswer image in comparison.Differences.Take(MaxRows))
        {
            table.AddRow(
                [.. new[] { image.Name, classes[image.Label], classes[image.First], classes[image.Second] }.Select(Terminal.Cell)]);
        }

        terminal.Output.Write(table);
        if (comparison.Differences.Length > MaxRows)
        {
            terminal.WriteLine($"and {comparison.Differences.Length - MaxRows} more; --json lists all");
        }
    }

    private static string Sentence(PackageComparison comparison, string first, string second)
    {
        PairedComparison result = comparison.Result;
        string where = $"on these {result.Count} {comparison.Split} images";
        string evidence = $"McNemar's exact test, p {P(result.PValue)}";
        return result.Outcome switch
        {
            ComparisonOutcome.Better => $"A ({first}) is better than B ({second}) {where}: {evidence}.",
            ComparisonOutcome.Worse => $"A ({first}) is worse than B ({second}) {where}: {evidence}.",
            _ => $"A ({first}) and B ({second}) are not distinguishable {where}: what differs may be luck ({evidence}).",
        };
    }

    private static string P(double value) => value < 0.0001
        ? "< 0.0001"
        : "= " + value.ToString(value < 0.01 ? "F4" : "F3", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    private static string Points(double share) => (100 * share).ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture);
}
