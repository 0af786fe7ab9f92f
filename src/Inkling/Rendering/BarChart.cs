using System.Globalization;

namespace Inkling.Rendering;

/// <summary>Horizontal bars as inline SVG, with the same numbers as a text alternative.</summary>
internal static class BarChart
{
    // Units of a text that is 12 high.
    private const int MaxLabelWidth = 150;
    private const int CharacterWidth = 11;
    private const int RowHeight = 22;

    /// <summary>Draws bars from zero.</summary>
    /// <param name="title">What is shown; read out in place of the picture, followed by the numbers.</param>
    /// <param name="bars">Name and value of each.</param>
    /// <param name="format">Of the values.</param>
    /// <param name="barWidth">Of the longest bar, where a letter is 12 high: the shorter, the larger the text on a phone.</param>
    public static Html Draw(string title, IReadOnlyList<(string Name, double Value)> bars, string format = "N0", int barWidth = 420)
    {
        int labelWidth = Math.Min(MaxLabelWidth, 16 + CharacterWidth * bars.Max(bar => bar.Name.Length));
        double most = Math.Max(1e-12, bars.Max(bar => bar.Value));
        int height = bars.Count * RowHeight + 6;
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        IEnumerable<Html> rows = bars.Index().Select(bar =>
        {
            int y = bar.Index * RowHeight;
            string width = (bar.Item.Value / most * barWidth).ToString("F1", CultureInfo.InvariantCulture);
            return Html.Of(
                $"""
                <text x="{labelWidth - 8}" y="{y + 16}" text-anchor="end">{Short(bar.Item.Name)}</text>
                <rect class="bar" x="{labelWidth}" y="{y + 4}" width="{width}" height="{RowHeight - 7}" rx="3"/>
                <text x="{labelWidth + 6 + (int)(bar.Item.Value / most * barWidth)}" y="{y + 16}">{Text(bar.Item.Value)}</text>

                """);
        });
        string read = $"{title}: {string.Join(", ", bars.Select(bar => $"{bar.Name} {Text(bar.Value)}"))}";
        return Html.Of(
            $"""
            <svg viewBox="0 0 {labelWidth + barWidth + 70} {height}" role="img" aria-label="{read}">
            <line class="axis" x1="{labelWidth}" y1="0" x2="{labelWidth}" y2="{height}"/>
            {Html.Join(rows)}</svg>
            """);
    }

    private static string Short(string name) => name.Length <= 20 ? name : name[..19] + "…";
}
