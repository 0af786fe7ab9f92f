using System.Text.RegularExpressions;
using Inkling.Tests.Support;

namespace Inkling.Tests.Documentation;

/// <summary>
/// Every link of the documents leads to a file, a folder or a heading that is there. Addresses elsewhere are only parsed.
/// </summary>
public sealed partial class LinksTests
{
    public static TheoryData<string> Documents => [.. Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(((string[])["docs", "src", "benchmarks", "models"]).SelectMany(
            folder => Directory.EnumerateFiles(Repository.Path(folder), "*.md", SearchOption.AllDirectories)))
        .Select(file => Path.GetRelativePath(Repository.Root, file))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfADocument_LeadSomewhere(string document)
    {
        string path = Repository.Path(document);
        string[] targets = [.. Link().Matches(Code().Replace(File.ReadAllText(path), "")).Select(match => match.Groups["target"].Value)];

        Assert.All(targets, target => Assert.True(Exists(path, target), $"{document}: {target} leads nowhere"));
    }

    [Fact]
    public void Exists_FilesHeadingsAndAddresses_AreToldApart()
    {
        string readme = Repository.Path("README.md");

        Assert.True(Exists(readme, "docs/hub.md#publish"));
        Assert.True(Exists(readme, "docs/images"));
        Assert.True(Exists(readme, "#how-reproducibility-works"));
        Assert.True(Exists(readme, "https://example.org/x"));
        Assert.False(Exists(readme, "docs/absent.md"));
        Assert.False(Exists(readme, "docs/hub.md#absent"));
        Assert.False(Exists(readme, "https:// example"));
    }

    private static bool Exists(string document, string target)
    {
        if (target.Contains("://", StringComparison.Ordinal))
        {
            return Uri.IsWellFormedUriString(target, UriKind.Absolute);
        }

        string[] parts = target.Split('#', 2);
        string file = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
        return parts.Length == 1 ? Path.Exists(file) : File.Exists(file) && Headings(file).Contains(parts[1]);
    }

    /// <summary>As GitHub names them: lower case, without punctuation, spaces as hyphens.</summary>
    private static IEnumerable<string> Headings(string file) => File.ReadLines(file)
        .Where(line => line.StartsWith('#'))
        .Select(line => NoWord().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<target>[^()\s]+(\([^()\s]*\))?[^()\s]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoWord();
}
