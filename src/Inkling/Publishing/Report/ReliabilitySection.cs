using Inkling.Evaluation;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>Probabilities against what became of them.</summary>
internal static class ReliabilitySection
{
    internal static Html? Write(ReportFacts facts)
    {
        Probabilities[] shown = facts.Evaluation.Calibration.Images == 0
            ? [new("as they are", "As they are", facts.Metrics)]
            : [new("before", "Before", facts.Evaluation.Uncalibrated), new("after", "After adjustment", facts.Metrics)];
        return Html.Of(
            $"""
            <p>Every answer comes with a probability. If those were perfect, nine of ten answers that are “90 % sure” would be right. {Temperature(facts)}</p>
            <div class="charts">
            {Chart("In steps of equal width", shown, metrics => metrics.EqualWidth)}
            {Chart("In groups of equal size", shown, metrics => metrics.EqualMass)}
            </div>
            <div class="scroll" role="region" aria-label="Scores of the probabilities" tabindex="0"><table>
            <thead><tr><th scope="col">the lower, the better</th>{Html.Join(shown.Select(one => Html.Of($"<th scope=\"col\" class=\"number\">{one.Name}</th>")))}</tr></thead>
            <tbody>
            {Row("calibration error, equal width", shown, metrics => Percent(metrics.EqualWidth))}
            {Row("calibration error, equal size", shown, metrics => Percent(metrics.EqualMass))}
            {Row("negative log-likelihood", shown, metrics => Html.Of($"{metrics.NegativeLogLikelihood:F4}"))}
            {Row("Brier score", shown, metrics => Html.Of($"{metrics.Brier:F4}"))}
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

    private static Html Chart(string title, Probabilities[] shown, Func<ClassificationMetrics, ReliabilityDiagram> diagram)
    {
        // The latest first: it is what the package answers, and the chart's solid line.
        (Probabilities Of, ReliabilityDiagram Diagram)[] drawn = [.. shown.Reverse().Select(one => (one, diagram(one.Metrics)))];
        Line[] lines = [.. drawn.Select(one => new Line(one.Of.Name, Points(one.Diagram), HasDots: true))];
        double low = Math.Min(90, 10 * Math.Floor(lines.SelectMany(line => line.Points).Min(point => Math.Min(point.X, point.Y)) / 10));
        return LineChart.Draw(
            title,
            string.Join(" ", drawn.Select(one => Words(one.Of.Title, one.Diagram))),
            Axis.Linear("how sure it was, in %", low, 100),
            Axis.Linear("share that was right, in %", low, 100),
            [.. lines, new Line("perfect", [(low, low), (100, 100)])]);
    }

    private static (double X, double Y)[] Points(ReliabilityDiagram diagram) =>
        [.. diagram.Bins.Where(bin => bin.Count > 0).Select(bin => (100 * bin.Confidence!.Value, 100 * bin.Accuracy!.Value))];

    private static string Words(string what, ReliabilityDiagram diagram) =>
        what + ": " + string.Join("; ", diagram.Bins.Where(bin => bin.Count > 0).Select(
        bin => FormattableString.Invariant($"{100 * bin.Confidence!.Value:F1} % sure, {100 * bin.Accuracy!.Value:F1} % right, {bin.Count} pictures"))) + ".";

    private static Html Percent(ReliabilityDiagram diagram) => Html.Of($"{ReportFacts.Percent(diagram.Error)}");

    private static Html Row(string name, Probabilities[] shown, Func<ClassificationMetrics, Html> score) => Html.Of(
        $"""
        <tr><th scope="row">{name}</th>{Html.Join(shown.Select(one => Html.Of($"<td class=\"number\">{score(one.Metrics)}</td>")))}</tr>

        """);

    private sealed record Probabilities(string Name, string Title, ClassificationMetrics Metrics);
}
