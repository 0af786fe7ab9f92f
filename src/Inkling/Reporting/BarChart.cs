using System.Globalization;

namespace Inkling.Reporting;

/// <summary>Horizontal bars as inline SVG, with the same numbers as a text alternative.</summary>
internal static class BarChart
{
    private const int LabelWidth = 150;
    private const int BarWidth = 420;
    private const int RowHeight = 22;

    /// <summary>Draws bars from zero.</summary>
    /// <param name="title">What is shown; read out in place of the picture, followed by the numbers.</param>
    /// <param name="bars">Name and value of each.</param>
    /// <param name="format">Of the values.</param>
    public static Html Draw(string title, IReadOnlyList<(string Name, double Value)> bars, string format = "N0")
    {
        double most = Math.Max(1e-12, bars.Max(bar => bar.Value));
        int height = (bars.Count * RowHeight) + 6;
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        IEnumerable<Html> rows = bars.Index().Select(bar =>
        {
            int y = bar.Index * RowHeight;
            string width = (bar.Item.Value / most * BarWidth).ToString("F1", CultureInfo.InvariantCulture);
            return Html.Of(
                $"""
                <text x="{LabelWidth - 8}" y="{y + 16}" text-anchor="end">{Short(bar.Item.Name)}</text>
                <rect class="bar" x="{LabelWidth}" y="{y + 4}" width="{width}" height="{RowHeight - 7}" rx="3"/>
                <text x="{LabelWidth + 6 + (int)(bar.Item.Value / most * BarWidth)}" y="{y + 16}">{Text(bar.Item.Value)}</text>

                """);
        });
        string read = $"{title}: {string.Join(", ", bars.Select(bar => $"{bar.Name} {Text(bar.Value)}"))}";
        return Html.Of(
            $"""
            <svg viewBox="0 0 {LabelWidth + BarWidth + 70} {height}" role="img" aria-label="{read}">
            <line class="axis" x1="{LabelWidth}" y1="0" x2="{LabelWidth}" y2="{height}"/>
            {Html.Join(rows)}</svg>
            """);
    }

    private static string Short(string name) => name.Length <= 20 ? name : name[..19] + "…";
}
