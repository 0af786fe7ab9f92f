using System.Globalization;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>What is left of the mistakes if the least sure answers are withheld.</summary>
internal static class AbstentionSection
{
    private const int Points = 60;

    internal static Html? Write(ReportFacts facts)
    {
        AbstentionCurve curve = facts.Metrics.Abstention;

        // Most mistakes are among the least sure answers: the chart shows these, ten times as many as there are mistakes.
        double withheld = Math.Clamp(Math.Ceiling(200 * curve.Risk(curve.Count)) / 20, 0.05, 0.9);
        (double X, double Y)[] points = [.. Enumerable.Range(0, Points + 1)
            .Select(i => (int)(curve.Count * (1 - withheld * i / Points)))
            .Select(answered => (100 * (1 - (double)answered / curve.Count), 100 * curve.Risk(answered)))];
        string words = string.Join("; ", points.Where((_, i) => i % 12 == 0).Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{point.X:F1} % withheld, {point.Y:F3} % of the others wrong"))) + ".";
        return Html.Of(
            $"""
            <p>{Threshold(facts)}</p>
            <div class="charts">
            {LineChart.Draw(
                "Mistakes among the answers that are left", words, Axis.Linear("answers withheld, the least sure first, in %", 0, 100 * withheld),
                Axis.Linear("wrong, in %", 0, Math.Max(0.01, points.Max(point => point.Y) * 1.05)), [new Line("risk", points)])}
            </div>
            <p class="soft">Area under the whole curve: {curve.Area:0.000000}.</p>
            """);
    }

    private static Html Threshold(ReportFacts facts)
    {
        Calibration calibration = facts.Evaluation.Calibration;
        AbstentionCurve curve = facts.Metrics.Abstention;
        if (calibration.Threshold is not { } threshold)
        {
            return Html.Of(
                $"No threshold was found on validation pictures, so it always answers. The chart shows what silence would gain.");
        }

        int answered = curve.Answered(threshold);
        return Html.Of(
            $"""
            An answer that is less than {ReportFacts.Percent(threshold)} sure is marked “not sure”. That threshold was chosen on the validation pictures, to leave a quarter of
            their mistakes ({ReportFacts.Percent(calibration.TargetRisk!.Value)}). On these pictures it withholds {curve.Count - answered:N0} answers of {curve.Count:N0}
            ({ReportFacts.Percent((double)(curve.Count - answered) / curve.Count)}), and of the others {ReportFacts.Percent(curve.Risk(answered))} are wrong instead of {ReportFacts.Percent(curve.Risk(curve.Count))}.
            """);
    }
}
