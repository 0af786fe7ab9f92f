using System.Globalization;
using System.Text.RegularExpressions;
using Inkling.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

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

    /// <summary>
    /// The limit is that of .editorconfig, which editors draw and no compiler checks. The text of a string doesn't count: a message stands
    /// on
    /// one line, so that who searches for it finds it.
    /// </summary>
    [Fact]
    public void Lines_AreNotLongerThanEditorconfigSays()
    {
        string length = MaxLineLength().Match(File.ReadAllText(Repository.Path(".editorconfig"))).Groups["length"].Value;
        int limit = int.Parse(length, CultureInfo.InvariantCulture);
        var tooLong = from file in Folders.SelectMany(SourceFiles)
                      where File.ReadLines(file).Any(line => line.Length > limit)
                      from line in LengthsWithoutText(file).Index()
                      where line.Item > limit
                      select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}: {line.Item} characters";

        Offenders.None(tooLong);
    }

    /// <summary>Characters of each line; of one that a string stands on, those outside of it.</summary>
    private static int[] LengthsWithoutText(string file)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(File.ReadAllText(file));
        TextLineCollection lines = tree.GetText().Lines;
        int[] lengths = [.. lines.Select(line => line.Span.Length)];
        var texts = tree.GetRoot().DescendantNodes()
            .Where(node => node is InterpolatedStringExpressionSyntax || node.IsKind(SyntaxKind.StringLiteralExpression));
        foreach (TextSpan text in texts.Select(node => node.Span))
        {
            (int first, int last) = (lines.IndexOf(text.Start), lines.IndexOf(text.End));
            for (int i = first; i <= last; i++)
            {
                lengths[i] -= lines[i].Span.Intersection(text)?.Length ?? 0;
            }
        }

        return lengths;
    }

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^max_line_length = (?<length>\d+)$", RegexOptions.Multiline)]
    private static partial Regex MaxLineLength();
}
