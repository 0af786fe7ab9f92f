using System.Globalization;
using System.Text.RegularExpressions;

namespace Inkling.Tests.Documentation.Generation;

/// <summary>Rows of the tables under benchmarks/results, newest file first.</summary>
internal static partial class BenchmarkResults
{
    /// <summary>Least and largest ratio of the first table of each CPU that compares with a product, the CPU measured last first.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="product">A column's header.</param>
    /// <param name="counts">Which rows count.</param>
    internal static string Ratios(string root, string product, Func<IReadOnlyDictionary<string, string>, bool> counts) =>
        string.Join(", ", Files(root)
        .Select(file => (Cpu: CpuOf(file), Ratios: Tables(file)
            .Where(table => table[0].ContainsKey(product) && table[0].ContainsKey("times as fast")).Select(
                table => table.Where(counts).Select(Ratio).ToArray())
            .FirstOrDefault(ratios => ratios.Length > 0)))
        .Where(file => file.Ratios is not null).DistinctBy(file => file.Cpu)
        .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Ratios!.Min():F1} to {file.Ratios!.Max():F1} ({file.Cpu})")));

    /// <summary>The newest row about a recipe and the CPU it was measured on; null if it was never measured.</summary>
    internal static (string Cpu, IReadOnlyDictionary<string, string> Row)? OfRecipe(string root, string name) => Files(root)
        .SelectMany(file => Tables(file).Where(table => table[0].ContainsKey("recipe") && table[0].ContainsKey("test accuracy")).Reverse()
            .SelectMany(table => table)
            .Select(row => ((string Cpu, IReadOnlyDictionary<string, string> Row)?)(CpuOf(file), row)))
        .FirstOrDefault(found => found!.Value.Row["recipe"].StartsWith($"`{name}` (", StringComparison.Ordinal));

    /// <summary>The texts, newest first.</summary>
    private static IEnumerable<string> Files(string root) =>
        Directory.EnumerateFiles(Path.Combine(root, "benchmarks/results"), "*.md", SearchOption.AllDirectories)
            .OrderByDescending(Path.GetFileName, StringComparer.Ordinal).ThenBy(file => file, StringComparer.Ordinal)
            .Select(File.ReadAllText);

    private static string CpuOf(string file) => Cpu().Match(file).Groups["name"].Value;

    private static IEnumerable<IReadOnlyList<IReadOnlyDictionary<string, string>>> Tables(string file) =>
        Table().Matches(file).Select(table => Rows([.. table.Value.TrimEnd('\n').Split('\n').Select(Cells)]));

    private static double Ratio(IReadOnlyDictionary<string, string> row) =>
        double.Parse(row["times as fast"].Trim('*'), CultureInfo.InvariantCulture);

    private static IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(string[][] lines) =>
        [.. lines.Skip(2).Select(
            cells => lines[0].Zip(cells).DistinctBy(pair => pair.First).ToDictionary(pair => pair.First, pair => pair.Second))];

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];

    // The heading names it: "# AMD EPYC (Zen 5, family 26), 2 cores".
    [GeneratedRegex(@"\A# [^\n(]*\((?<name>[^,)]+)")]
    private static partial Regex Cpu();

    [GeneratedRegex(@"^\|.*\n\|[-:| ]+\n(\|.*\n)+", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Table();
}
