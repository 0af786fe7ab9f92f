using System.Globalization;
using System.Text.RegularExpressions;

namespace Inkling.Readme;

/// <summary>Rows of the tables under benchmarks/results, newest file first.</summary>
internal static partial class BenchmarkResults
{
    /// <summary>Least and largest ratio of the first table that compares with a product.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="product">A column's header.</param>
    /// <param name="counts">Which rows count.</param>
    internal static string Ratios(string root, string product, Func<IReadOnlyDictionary<string, string>, bool> counts)
    {
        double[] ratios =
        [
            .. Tables(root).First(table => table[0].ContainsKey(product) && table[0].ContainsKey("times as fast") && table.Any(counts))
                .Where(counts).Select(row => double.Parse(row["times as fast"].Trim('*'), CultureInfo.InvariantCulture)),
        ];
        return string.Create(CultureInfo.InvariantCulture, $"{ratios.Min():F1} to {ratios.Max():F1}");
    }

    /// <summary>The newest row about a recipe; null if it was never measured.</summary>
    internal static IReadOnlyDictionary<string, string>? OfRecipe(string root, string name) =>
        Tables(root).Where(table => table[0].ContainsKey("recipe") && table[0].ContainsKey("test accuracy"))
            .Reverse().SelectMany(table => table)
            .FirstOrDefault(row => row["recipe"].StartsWith($"`{name}` (", StringComparison.Ordinal));

    private static IEnumerable<IReadOnlyList<IReadOnlyDictionary<string, string>>> Tables(string root) =>
        Directory.EnumerateFiles(Path.Combine(root, "benchmarks/results"), "*.md", SearchOption.AllDirectories)
            .OrderByDescending(Path.GetFileName, StringComparer.Ordinal)
            .SelectMany(file => Table().Matches(File.ReadAllText(file)))
            .Select(table => Rows([.. table.Value.TrimEnd('\n').Split('\n').Select(Cells)]));

    private static IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(string[][] lines) =>
        [.. lines.Skip(2).Select(cells => lines[0].Zip(cells).DistinctBy(pair => pair.First).ToDictionary(pair => pair.First, pair => pair.Second))];

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];

    [GeneratedRegex(@"^\|.*\n\|[-:| ]+\n(\|.*\n)+", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Table();
}
