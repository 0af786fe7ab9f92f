using Inkling.Evaluation;
using Inkling.Reporting;

namespace Inkling.Packaging.Report;

/// <summary>Probabilities against what became of them.</summary>
internal static class ReliabilitySection
{
    internal static Html? Write(ReportFacts facts)
    {
        ClassificationMetrics after = facts.Metrics;
        ClassificationMetrics before = facts.Evaluation.Uncalibrated;
        return Html.Of(
            $"""
            <p>Every answer comes with a probability. If those were perfect, nine of ten answers that are “90 % sure” would be right. {Temperature(facts)}</p>
            <div class="charts">
            {Chart("In steps of equal width", after.EqualWidth, before.EqualWidth)}
            {Chart("In groups of equal size", after.EqualMass, before.EqualMass)}
            </div>
            <div class="scroll" role="region" aria-label="Scores of the probabilities" tabindex="0"><table>
            <thead><tr><th scope="col">the lower, the better</th><th scope="col" class="number">before</th><th scope="col" class="number">after</th></tr></thead>
            <tbody>
            {Row("calibration error, equal width", Percent(before.EqualWidth), Percent(after.EqualWidth))}
            {Row("calibration error, equal size", Percent(before.EqualMass), Percent(after.EqualMass))}
            {Row("negative log-likelihood", Html.Of($"{before.NegativeLogLikelihood:F4}"), Html.Of($"{after.NegativeLogLikelihood:F4}"))}
            {Row("Brier score", Html.Of($"{before.Brier:F4}"), Html.Of($"{after.Brier:F4}"))}
            </tbody></table></div>
            """);
    }

    private static Html Temperature(ReportFacts facts) => facts.Evaluation.Calibration switch
    {
        { Images: 0 } => Html.Of($"They were not adjusted on validation pictures: these are the network's own."),
        var calibration => Html.Of(
            $"""
            They are adjusted by one number, the temperature {calibration.Temperature:0.####}, which was chosen on {calibration.Images:N0} other pictures. It changes how sure
            the program is, and never what it says.
            """),
    };

    private static Html Chart(string title, ReliabilityDiagram after, ReliabilityDiagram before)
    {
        (double X, double Y)[] solid = Points(after);
        (double X, double Y)[] dashed = Points(before);
        double low = Math.Min(90, 10 * Math.Floor(solid.Concat(dashed).Min(point => Math.Min(point.X, point.Y)) / 10));
        return LineChart.Draw(
            title,
            Words("After adjustment", after) + " " + Words("Before", before),
            Axis.Linear("how sure it was, in %", low, 100),
            Axis.Linear("share that was right, in %", low, 100),
            [new Line("after", solid, HasDots: true), new Line("before", dashed, HasDots: true), new Line("perfect", [(low, low), (100, 100)])]);
    }

    private static (double X, double Y)[] Points(ReliabilityDiagram diagram) =>
        [.. diagram.Bins.Where(bin => bin.Count > 0).Select(bin => (100 * bin.Confidence!.Value, 100 * bin.Accuracy!.Value))];

    private static string Words(string what, ReliabilityDiagram diagram) => what + ": " + string.Join("; ", diagram.Bins.Where(bin => bin.Count > 0).Select(
        bin => FormattableString.Invariant($"{100 * bin.Confidence!.Value:F1} % sure, {100 * bin.Accuracy!.Value:F1} % right, {bin.Count} pictures"))) + ".";

    private static Html Percent(ReliabilityDiagram diagram) => Html.Of($"{ReportFacts.Percent(diagram.Error)}");

    private static Html Row(string name, Html before, Html after) => Html.Of(
        $"""
        <tr><th scope="row">{name}</th><td class="number">{before}</td><td class="number">{after}</td></tr>

        """);
}
