using System.Globalization;
using Inkling.Rendering;

namespace Inkling.Tests.Documentation.Generation;

/// <summary>A picture for README.md: vector graphics that follow the reader's light or dark theme and need no other file.</summary>
internal static class Svg
{
    private static readonly Html Style = Html.Of(
        $$"""
        text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#5b6478}.strong{fill:#1c2333;font-weight:600}.line{stroke:#dfe3ea}
        .a{fill:#3559c7}.b{fill:#c98a1b}.sa{stroke:#3559c7;fill:none;stroke-width:2.5}.sb{stroke:#c98a1b;fill:none;stroke-width:2.5}.cell{fill:#3559c7}.pixel{image-rendering:pixelated}
        @media(prefers-color-scheme:dark){text{fill:#9aa4b8}.strong{fill:#e7eaf1}.line{stroke:#2d3440}.a,.cell{fill:#8ea8ff}.b{fill:#f0b454}.sa{stroke:#8ea8ff}.sb{stroke:#f0b454} }
        """);

    /// <summary>A whole file.</summary>
    /// <param name="title">Read out in place of the picture.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="body">What is drawn.</param>
    internal static string Write(string title, int width, int height, IEnumerable<Html> body) => Html.Of(
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{title}">
        <title>{title}</title>
        <style>{Style}</style>
        {Html.Join(body.Select(part => Html.Of($"{part}\n")))}</svg>

        """).ToString();

    internal static Html Text(double x, double y, string text, string anchor = "middle", string style = "") =>
        Html.Of($"""<text x="{Number(x)}" y="{Number(y)}" text-anchor="{anchor}" class="{style}">{text}</text>""");

    internal static Html Line(double x1, double y1, double x2, double y2) =>
        Html.Of($"""<line class="line" x1="{Number(x1)}" y1="{Number(y1)}" x2="{Number(x2)}" y2="{Number(y2)}"/>""");

    internal static Html Bar(double x, double y, double width, double height, string style, double opacity = 1) =>
        Html.Of($"""<rect class="{style}" x="{Number(x)}" y="{Number(y)}" width="{Number(width)}" height="{Number(height)}" rx="2" fill-opacity="{Number(opacity)}"/>""");

    internal static Html Path(IEnumerable<(double X, double Y)> points, string style) =>
        Html.Of($"""<polyline class="{style}" points="{string.Join(' ', points.Select(p => $"{Number(p.X)},{Number(p.Y)}"))}"/>""");

    internal static Html Digit(double x, double y, double side, ReadOnlySpan<byte> pixels, int height, int width) =>
        Html.Of($"""<image class="pixel" x="{Number(x)}" y="{Number(y)}" width="{Number(side)}" height="{Number(side)}" href="{ImageData.Png(pixels, 1, height, width)}"/>""");

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
