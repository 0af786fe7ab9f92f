using Inkling.Evaluation;
using Inkling.Rendering;
using Inkling.Statistics;

namespace Inkling.Publishing.Report;

/// <summary>Precision, recall and F1 of every class, with intervals.</summary>
internal static class ClassSection
{
    internal static Html? Write(ReportFacts facts)
    {
        ClassificationMetrics metrics = facts.Metrics;
        MacroIntervals macro = metrics.MacroIntervals95;
        return Html.Of(
            $"""
            <p><b>Found</b> (recall) is the share of a class's pictures that were recognised. <b>Right when said</b> (precision) is the share of right answers among
            those that named the class. <b>F1</b> is the harmonic mean of the two. Below each stands its 95 % interval.</p>
            <div class="scroll" role="region" aria-label="Figures of each class" tabindex="0"><table class="figures">
            <thead><tr><th scope="col">class</th><th scope="col" class="number">pictures</th><th scope="col" class="number">found, %</th><th scope="col" class="number">right when said, %</th><th scope="col" class="number">F1, %</th></tr></thead>
            <tbody>
            {Html.Join(metrics.PerClass.Select(c => Html.Of($"""
            <tr><th scope="row">{facts.Classes[c.Label]}</th><td class="number">{c.Support:N0}</td>{Cell(c.Recall, c.RecallInterval95)}{Cell(c.Precision, c.PrecisionInterval95)}{Cell(c.F1, c.F1Interval95)}</tr>

            """)))}
            <tr><th scope="row">mean of the classes</th><td class="number">{metrics.Count:N0}</td>{Cell(metrics.MacroRecall, macro.Recall)}{Cell(metrics.MacroPrecision, macro.Precision)}{Cell(metrics.MacroF1, macro.F1)}</tr>
            </tbody></table></div>
            <p class="soft">A share of nothing counts as 0. Intervals are Wilson's; that of F1 is his for the share of overlap, mapped; those of the means come from a bootstrap.</p>
            """);
    }

    private static Html Cell(double value, ProportionInterval interval) => Html.Of(
        $"""<td class="number">{100 * value:F2}<br><small class="soft">{100 * interval.Low:F2}–{100 * interval.High:F2}</small></td>""");
}
