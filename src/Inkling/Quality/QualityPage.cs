using System.Globalization;
using Inkling.Rendering;

namespace Inkling.Quality;

/// <summary><c>quality.html</c>: the report for people, one file with its charts and pictures inside.</summary>
public static class QualityPage
{
    private const int MaxClassesDrawn = 60;
    private const int LabelErrorsShown = 48;

    private static readonly Html Style = Html.Of(
        $$"""
        tbody th { font-weight:400 }
        @media (max-width:32rem) { th, td { padding:.4rem .2rem; font-size:.85rem } .badge { padding:0 .4rem; font-size:.75rem } }
        """);

    /// <summary>The whole document.</summary>
    public static string Write(QualityReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string title = $"Data quality: {report.Dataset.Name}";
        return Page.Write(title, Html.Of(
            $"""
            <header>
            <h1>{title}</h1>
            <p class="soft">{Summary(report)}</p>
            {Tiles(report)}
            </header>
            <h2>Checks</h2>
            {Overview(report)}
            <h2>Classes</h2>
            <div class="charts">
            {Html.Join(report.ClassCounts.Select(split => Classes(report, split.Key, split.Value)))}</div>
            {LabelErrors(report)}
            <h2>Findings</h2>
            {Html.Join(report.Checks.OrderByDescending(check => check.Verdict).Select(check => Card(report, check)))}
            <p class="soft">What each check measures, and where its threshold comes from: docs/quality.md.</p>
            """), Style);
    }

    private static string Summary(QualityReport report)
    {
        string Said(Verdict verdict, string one, string many)
        {
            int count = report.Checks.Count(check => check.Verdict == verdict);
            return $"{count} {(count == 1 ? one : many)}";
        }

        return $"{Said(Verdict.Error, "error", "errors")}, {Said(Verdict.Warning, "warning", "warnings")}, {Said(Verdict.Note, "note", "notes")}, "
            + $"{Said(Verdict.Passed, "check", "checks")} passed. Fingerprint of the training images: {report.Dataset.Train.Fingerprint[..16]}…";
    }

    private static Html Tiles(QualityReport report)
    {
        (string Name, int Value)[] tiles =
        [
            .. report.ClassCounts.Select(split => ($"{split.Key} images", split.Value.Sum())),
            ("classes", report.Dataset.ClassNames.Count),
            ("groups of duplicates", report.Duplicates.Count),
            .. report.LabelErrors is { } errors
                ? [("suspected label errors", errors.Count(error => error.IsConfident))]
                : Array.Empty<(string, int)>(),
        ];
        return Html.Of($"""<div class="tiles">{Html.Join(tiles.Select(tile => Html.Of($"""<div class="tile"><b>{tile.Value:N0}</b>{tile.Name}</div>""")))}</div>""");
    }

    private static Html Overview(QualityReport report) => Html.Of(
        $"""
        <div class="scroll"><table>
        <thead><tr><th scope="col">check</th><th scope="col">verdict</th><th scope="col">split</th><th scope="col" class="number">value</th><th scope="col" class="number">threshold</th></tr></thead>
        <tbody>
        {Html.Join(report.Checks.Select(check => Html.Of($"""
        <tr><th scope="row"><a href="#{Anchor(check)}">{check.Title}</a></th><td>{Badge(check.Verdict)}</td><td>{check.Split}</td><td class="number">{Number(check.Value)}</td><td class="number">{Number(check.Threshold)}</td></tr>

        """)))}</tbody></table></div>
        """);

    private static Html Classes(QualityReport report, string split, IReadOnlyList<int> counts)
    {
        (string, double)[] bars = [.. report.Dataset.ClassNames.Zip(counts, (name, count) => (name, (double)count)).Take(MaxClassesDrawn)];
        string more = counts.Count > MaxClassesDrawn ? $", the first {MaxClassesDrawn} of {counts.Count}" : "";
        return Html.Of(
            $"""
            <figure class="chart"><figcaption>{split}: images of each class{more}</figcaption>
            {BarChart.Draw($"Images of each class in {split}", bars, barWidth: 240)}
            </figure>

            """);
    }

    private static Html LabelErrors(QualityReport report)
    {
        if (report.LabelErrors is not { Count: > 0 } errors)
        {
            return Html.Empty;
        }

        IEnumerable<Html> Items(IEnumerable<LabelError> some) => some.Select(error => Html.Of(
            $"""
            <li>{Picture(report, error.Image)}<b>{error.Image.Label} → {error.Suggested}</b><br>{error.Image.Split} {error.Image.Name}<br>{Number(error.Score)}</li>

            """));
        return Html.Of(
            $"""
            <h2>Suspected label errors</h2>
            <p>Each image was judged by a model that had not seen it. Given label → what it looks like; the lower the number, the surer.</p>
            {Html.Join(report.ClassCounts.Keys.Select(split => Html.Of($"""
            <section class="card"><h3>{split}</h3>
            <ul class="pictures">
            {Html.Join(Items(errors.Where(error => error.Image.Split == split).Take(LabelErrorsShown)))}</ul></section>

            """)))}
            """);
    }

    private static Html Card(QualityReport report, QualityCheck check) => Html.Of(
        $"""
        <section class="card {QualityJson.Name(check.Verdict)}" id="{Anchor(check)}">
        <div class="head"><h3>{check.Title}</h3><span class="soft">{check.Split}</span>{Badge(check.Verdict)}</div>
        <p>{check.Finding} <span class="soft">{check.Measure}</span></p>
        {Examples(report, check)}
        </section>

        """);

    // Label errors have a section of their own.
    private static Html Examples(QualityReport report, QualityCheck check) => check.Examples.Count == 0 || check.Id == "label_errors"
        ? Html.Empty
        : Html.Of(
            $"""
            <ul class="pictures">
            {Html.Join(check.Examples.Select(example => Html.Of($"""
            <li><span class="pair">{Picture(report, example.Image)}{(example.Other is { } other ? Picture(report, other) : Html.Empty)}</span>{example.Image.Label}, {example.Image.Split} {example.Image.Name}<br>{example.Note}</li>

            """)))}</ul>
            """);

    private static Html Picture(QualityReport report, ImageReference image)
    {
        Html data = ImageData.Png(report.Images.Pixels(image), report.Dataset.Channels, report.Dataset.Height, report.Dataset.Width);
        return Html.Of($"""<img loading="lazy" alt="{image.Split} image {image.Name}, labelled {image.Label}" src="{data}">""");
    }

    private static Html Badge(Verdict verdict) =>
        Html.Of($"""<span class="badge {QualityJson.Name(verdict)}">{QualityJson.Name(verdict)}</span>""");

    private static string Anchor(QualityCheck check) => $"{check.Id}-{check.Split}";

    private static string Number(double value) => value.ToString(double.IsInteger(value) ? "N0" : "F4", CultureInfo.InvariantCulture);
}
