using System.Globalization;
using Inkling.Evaluation;
using Inkling.Evaluation.Explanations;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>
/// The mistakes, surest first: each with its picture, where the program looked, its probabilities, and training pictures like it.
/// </summary>
internal static class ErrorSection
{
    private const double LeastShown = 0.005;
    private const int MostShown = 4;

    private static readonly string[] Heights = ["top", "middle", "bottom"];

    private static readonly string[] Sides = ["left", "centre", "right"];

    private static readonly (byte, byte, byte) Ember = (255, 96, 16);

    /// <summary>Sixteen, evenly up to where what lies under it can still be seen.</summary>
    private static readonly byte[] Opacities = [.. Enumerable.Range(0, 16).Select(level => (byte)(level * 12))];

    internal static Html? Write(ReportFacts facts)
    {
        if (facts.Gallery.Errors.Count == 0)
        {
            return null;
        }

        int more = facts.Evaluation.Mistakes.Length - facts.Gallery.Errors.Count;
        return Html.Of(
            $"""
            <p>Surest first. Where the second picture glows, covering that part made the wrong answer less likely; what doesn't glow played no part (occlusion, after Zeiler and Fergus 2014).
            Below are the three training pictures that are most like it, pixel by pixel, with what they show.</p>
            <ul class="cases">
            {Html.Join(facts.Gallery.Errors.Select(error => Case(facts, error)))}</ul>
            {(more > 0 ? Html.Of($"<p>There are {more:N0} more, less sure than these; metrics.json lists them.</p>") : Html.Empty)}
            """);
    }

    private static Html Case(ReportFacts facts, ExplainedError error)
    {
        Mistake mistake = error.Mistake;
        string name = $"{facts.Subject} picture {facts.Evaluation.Images.NameOf(mistake.Index)}";
        Html picture = ReportFacts.Picture(facts.Evaluation.Images, mistake.Index, $"{name}, labelled {facts.Classes[mistake.Label]}");
        Html again = ReportFacts.Picture(facts.Evaluation.Images, mistake.Index, "");
        return Html.Of(
            $"""
            <li class="case"><h3>{facts.Classes[mistake.Label]}, read as {facts.Classes[mistake.Answer]} <span class="soft">{facts.Evaluation.Images.NameOf(mistake.Index)}</span></h3>
            <div class="views"><span class="view">{picture}</span><span class="view">{again}{Veil(error.Map)}</span>{Odds(facts, mistake)}</div>
            <p class="soft">Most like it in training</p>
            <ul class="like">{Html.Join(error.Neighbours.Select(index => Html.Of($"""<li>{ReportFacts.Picture(facts.Gallery.Train, index, "")}{facts.Classes[facts.Gallery.Train.Labels[index]]}</li>""")))}</ul></li>

            """);
    }

    private static Html Veil(SaliencyMap map) => Html.Of(
        $"""<img class="veil" alt="{Where(map)}" src="{ImageData.Address(PngFile.WriteVeil(map.Weights, map.Rows, map.Columns, Ember, Opacities))}">""");

    private static string Where(SaliencyMap map)
    {
        int most = Array.IndexOf(map.Weights, map.Weights.Max());
        if (map.Weights[most] == 0)
        {
            return "The answer hangs on no single part";
        }

        int[] thirds = [3 * (most / map.Columns) / map.Rows, 3 * (most % map.Columns) / map.Columns];
        return $"The answer hangs most on the {Heights[thirds[0]]} {Sides[thirds[1]]}";
    }

    private static Html Odds(ReportFacts facts, Mistake mistake) => Html.Of(
        $"""
        <ul class="odds" aria-label="Probabilities">{Html.Join(mistake.Probabilities.Index().OrderByDescending(odds => odds.Item).Take(MostShown).Where(odds => odds.Item >= LeastShown)
            .Select(odds => Html.Of($"""<li style="--p:{Tenths(odds.Item)}%">{facts.Classes[odds.Index]}<span>{Tenths(odds.Item)} %</span></li>""")))}</ul>
        """);

    private static string Tenths(float probability) => (100.0 * probability).ToString("F1", CultureInfo.InvariantCulture);
}
