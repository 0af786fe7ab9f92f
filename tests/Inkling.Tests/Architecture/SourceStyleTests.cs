using System.Globalization;
using System.Text.RegularExpressions;
using Inkling.Tests.Support;

namespace Inkling.Tests.Architecture;

/// <summary>Rules of form that no analyzer holds.</summary>
public sealed partial class SourceStyleTests
{
    /// <summary>Longer files were more than one idea wherever there were any.</summary>
    private const int MaxFileLines = 400;

    private static readonly string[] Folders = ["src", "tests", "docs", "benchmarks"];

    [Fact]
    public void SourceFiles_AreNotLongerThanFourHundredLines()
    {
        var tooLong = from file in SourceFiles("src")
                      let lines = File.ReadLines(file).Count()
                      where lines > MaxFileLines
                      select $"{Path.GetRelativePath(Repository.Root, file)}: {lines} lines";

        Offenders.None(tooLong);
    }

    /// <summary>The limit is that of .editorconfig, which editors draw and no compiler checks.</summary>
    [Fact]
    public void Lines_AreNotLongerThanEditorconfigSays()
    {
        string length = MaxLineLength().Match(File.ReadAllText(Repository.Path(".editorconfig"))).Groups["length"].Value;
        int limit = int.Parse(length, CultureInfo.InvariantCulture);
        var tooLong = from file in Folders.SelectMany(SourceFiles)
                      from line in File.ReadLines(file).Index()
                      where line.Item.Length > limit
                      select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}: {line.Item.Length} characters";

        Offenders.None(tooLong);
    }

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^max_line_length = (?<length>\d+)$", RegexOptions.Multiline)]
    private static partial Regex MaxLineLength();
}
