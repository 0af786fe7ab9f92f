using System.Text.RegularExpressions;

namespace Inkling.Tests.Documentation.Generation;

/// <summary>
/// Generated parts of a Markdown file: what stands between <c>&lt;!-- generated: NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>.
/// </summary>
internal static partial class MarkedBlocks
{
    /// <summary>Puts text between the marks.</summary>
    /// <param name="markdown">The file.</param>
    /// <param name="blocks">Name and text of each block, without the line break at its end.</param>
    /// <exception cref="InvalidDataException">A mark names no block, or a block has no mark.</exception>
    internal static string Fill(string markdown, IReadOnlyDictionary<string, string> blocks)
    {
        string[] marked = [.. Block().Matches(markdown).Select(match => match.Groups["name"].Value)];
        string[] odd = [.. marked.Except(blocks.Keys), .. blocks.Keys.Except(marked)];
        return odd.Length == 0
            ? Block().Replace(markdown, match => $"{match.Groups["start"].Value}\n{blocks[match.Groups["name"].Value]}\n<!-- end -->")
            : throw new InvalidDataException(
                $"README.md: expected a mark for each block and a block for each mark, got only one of {string.Join(", ", odd)}.");
    }

    [GeneratedRegex("(?<start><!-- generated: (?<name>[a-z-]+) -->)\n.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Block();
}
