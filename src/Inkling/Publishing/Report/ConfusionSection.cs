using System.Globalization;
using Inkling.Evaluation;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>Which classes are taken for which.</summary>
internal static class ConfusionSection
{
    private const int MostPairs = 5;

    internal static Html? Write(ReportFacts facts)
    {
        ConfusionMatrix confusion = facts.Metrics.Confusion;
        IReadOnlyList<Confusion> pairs = confusion.Confusions;
        return Html.Of(
            $"""
            <p>{Most(facts, pairs)}</p>
            {(facts.Classes.Count <= ReportFacts.MostColumns ? Matrix(facts, Math.Max(1, pairs.Count == 0 ? 0 : pairs[0].Count)) : Html.Empty)}
            """);
    }

    private static string Most(ReportFacts facts, IReadOnlyList<Confusion> pairs) => pairs.Count == 0
        ? "It made no mistake."
        : "Most often: " + string.Join(", ", pairs.Take(MostPairs).Select(pair => string.Create(
            CultureInfo.InvariantCulture, $"{facts.Classes[pair.Label]} taken for {facts.Classes[pair.Answer]} ({pair.Count:N0})"))) + ".";

    private static Html Matrix(ReportFacts facts, int most)
    {
        ConfusionMatrix confusion = facts.Metrics.Confusion;
        int[] classes = [.. Enumerable.Range(0, facts.Classes.Count)];
        return Html.Of(
            $"""
            <p class="soft">A row is what the pictures show, a column what the program said. In grey: right.</p>
            <div class="scroll" role="region" aria-label="Confusion matrix" tabindex="0"><table class="matrix">
            <thead><tr><th scope="col">shows</th>{Html.Join(classes.Select(k => Html.Of($"""<th scope="col">{facts.Classes[k]}</th>""")))}</tr></thead>
            <tbody>
            {Html.Join(classes.Select(label => Html.Of($"""
            <tr><th scope="row">{facts.Classes[label]}</th>{Html.Join(classes.Select(answer => Cell(confusion[label, answer], label == answer, most)))}</tr>

            """)))}</tbody></table></div>
            """);
    }

    // The darkest is still light enough for what is written on it.
    private static Html Cell(int count, bool isRight, int most) => isRight
        ? Html.Of($"""<td class="right">{count}</td>""")
        : count == 0 ? Html.Of($"<td></td>") : Html.Of($"""<td style="--v:{10 + 45 * count / most}%">{count}</td>""");
}
