using System.Globalization;

namespace Inkling.Rendering;

/// <summary>Lines over two axes as inline SVG, with a legend that tells them apart without colour, and the same in words.</summary>
internal static class LineChart
{
    // Drawn as wide as a phone is, so that its letters stay legible there.
    private const int Width = 360;
    private const int Height = 240;
    private const int Left = 46;
    private const int Top = 10;
    private const int PlotWidth = Width - Left - 12;
    private const int PlotHeight = Height - Top - 40;

    /// <summary>Draws lines.</summary>
    /// <param name="title">What is shown.</param>
    /// <param name="words">What it shows, for those who can't see it.</param>
    /// <param name="x">Across.</param>
    /// <param name="y">Upwards.</param>
    /// <param name="lines">At most three.</param>
    public static Html Draw(string title, string words, Axis x, Axis y, IReadOnlyList<Line> lines)
    {
        string X(double value) => Coordinate(Left + x.Place(value) * PlotWidth);
        string Y(double value) => Coordinate(Top + (1 - y.Place(value)) * PlotHeight);

        Html grid = Html.Join(
        [
            .. y.Ticks.Select(tick => Html.Of(
                $"""
                <path class="axis" d="M{Left} {Y(tick)}h{PlotWidth}"/><text x="{Left - 6}" y="{Y(tick)}" dy="4" text-anchor="end">{Axis.Label(tick)}</text>

                """)),
            .. x.Ticks.Select(tick => Html.Of(
                $"""
                <path class="axis" d="M{X(tick)} {Top + PlotHeight}v4"/><text x="{X(tick)}" y="{Top + PlotHeight + 17}" text-anchor="middle">{Axis.Label(tick)}</text>

                """)),
        ]);
        Html drawn = Html.Join(lines.Index().Select(line =>
        {
            string path = string.Join('L', line.Item.Points.Select(point => $"{X(point.X)} {Y(point.Y)}"));
            Html dots = line.Item.HasDots
                ? Html.Join(line.Item.Points.Select(point => Html.Of($"""<circle class="dot s{line.Index}" cx="{X(point.X)}" cy="{Y(point.Y)}" r="3"/>""")))
                : Html.Empty;
            return Html.Of(
                $"""
                <path class="line s{line.Index}" d="M{path}"/>{dots}

                """);
        }));
        return Html.Of(
            $"""
            <figure class="chart">
            <figcaption>{title}<span class="axis-title">{y.Title}</span></figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}. {words}">
            {grid}{drawn}<text x="{Left + PlotWidth / 2}" y="{Height - 5}" text-anchor="middle">{x.Title}</text>
            </svg>
            <ul class="legend" aria-hidden="true">{Html.Join(lines.Index().Select(line => Html.Of($"""<li><svg viewBox="0 0 24 8"><path class="line s{line.Index}" d="M0 4h24"/></svg>{line.Item.Name}</li>""")))}</ul>
            </figure>

            """);
    }

    private static string Coordinate(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Points">From left to right; at least one.</param>
/// <param name="HasDots">Whether each point is marked.</param>
internal sealed record Line(string Name, IReadOnlyList<(double X, double Y)> Points, bool HasDots = false);
