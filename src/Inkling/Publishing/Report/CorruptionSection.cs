using System.Text.Json.Nodes;
using Inkling.Publishing.Card;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>What the model is worth on spoiled pictures; a circumstance, since another command measures it.</summary>
internal static class CorruptionSection
{
    internal static Html? Write(ReportFacts facts) => ReportPage.Circumstance(facts.Package.Robustness is { } robustness
        ? Measured(robustness)
        : Html.Of($"<p>Not measured yet; <code>inkling evaluate FOLDER --corruptions</code> measures it.</p>"));

    private static Html Measured(JsonObject robustness) => Html.Of(
        $"""
        <p>The same {robustness["n"]!.GetValue<int>():N0} {robustness["split"]!.GetValue<string>()} pictures, spoiled in {robustness["corruptions"]!.AsArray().Count:N0} ways: what a camera, a scanner or a hand may do to them. As they are,
        {CardNumbers.Percent(robustness["clean_accuracy"])} are recognised. <b>Relative error</b> says how many times as many mistakes there are now.</p>
        {BarChart.Draw("Recognised, in %", Bars(robustness), "F1")}
        <div class="scroll" role="region" aria-label="Figures of each corruption" tabindex="0"><table>
        <thead><tr>{Html.Join(CardRobustness.Headers.Select((header, column) => Html.Of($"""<th scope="col"{Number(column)}>{header}</th>""")))}</tr></thead>
        <tbody>
        {Html.Join(CardRobustness.Rows(robustness).Select(Row))}
        </tbody></table></div>
        <p class="soft">{robustness["name"]!.GetValue<string>()}: corruptions in the manner of the benchmark MNIST-C, at its severities. Intervals are Wilson's, at 95 %.</p>
        """);

    private static IReadOnlyList<(string Name, double Value)> Bars(JsonObject robustness) =>
    [
        ("as they are", 100 * robustness["clean_accuracy"]!.GetValue<double>()),
        .. robustness["corruptions"]!.AsArray().Select(corruption => (
            corruption!["id"]!.GetValue<string>().Replace('_', ' '), 100 * corruption["accuracy"]!.GetValue<double>())),
    ];

    private static Html Row(string[] texts) => Html.Of(
        $"""
        <tr><th scope="row">{texts[0]}</th>{Html.Join(texts.Skip(1).Select(text => Html.Of($"""<td class="number">{text}</td>""")))}</tr>

        """);

    private static Html Number(int column) => column == 0 ? Html.Empty : Html.Of($" class=\"number\"");
}
