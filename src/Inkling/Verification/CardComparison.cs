using Inkling.Packages;
using Inkling.Publishing.Card;
using Inkling.Serialization;

namespace Inkling.Verification;

/// <summary>
/// A package's card against the one that its other files give. The figures that the Hub reads have to be the same; words are
/// people's to edit, so it is only told that they were.
/// </summary>
internal static class CardComparison
{
    private const string FiguresStart = "\nmodel-index:\n";
    private const string FiguresEnd = "\n---\n";

    /// <summary>Figures of the front matter that aren't those of <c>metrics.json</c>.</summary>
    internal static IEnumerable<JsonDifference> Figures(string path)
    {
        if (Published(path) is { } published && ModelCard.Remake(path) is { } made
            && FiguresOf(made) is var figures && FiguresOf(published) != figures)
        {
            yield return new JsonDifference($"{PackageFiles.Card} model-index", "other figures", $"those of {PackageFiles.Metrics}");
        }
    }

    /// <summary>The first line, from 1, that isn't as the card would be made today; null if all are, or there is no card.</summary>
    internal static int? FirstOtherLine(string path)
    {
        if (Published(path) is not { } published || ModelCard.Remake(path) is not { } made || published == made)
        {
            return null;
        }

        int same = published.Split('\n').Zip(made.Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count();
        return same + 1;
    }

    private static string? Published(string path)
    {
        string card = Path.Combine(path, PackageFiles.Card);
        return File.Exists(card) ? File.ReadAllText(card) : null;
    }

    private static string FiguresOf(string card)
    {
        int start = card.IndexOf(FiguresStart, StringComparison.Ordinal);
        int end = start < 0 ? -1 : card.IndexOf(FiguresEnd, start, StringComparison.Ordinal);
        return end < 0 ? "" : card[start..end];
    }
}
