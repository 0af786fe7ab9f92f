using Inkling.Data;
using Inkling.Duplicates;

namespace Inkling.Quality;

/// <summary>The same picture twice: within a split, across splits, under two labels.</summary>
internal static class DuplicateChecks
{
    public static IEnumerable<QualityCheck> Run(QualityContext context)
    {
        QualityImages images = context.Images;
        int[][] exact = Groups(context, withNear: false);
        int[][] near = [.. Groups(context, withNear: true).Where(group => group.Select(i => context.FirstEqual[i]).Distinct().Count() > 1)];
        foreach (string split in images.Splits)
        {
            yield return Within(context, "exact_duplicates", "Exact duplicates", split, exact, "equal an earlier image pixel by pixel");
            yield return Within(
                context, "near_duplicates", "Near duplicates", split, near, "are nearly equal to an earlier image", Verdict.Note);
        }

        yield return Conflicts(context, "conflicting_labels", "Equal images, different labels", exact, Verdict.Error);
        yield return Conflicts(context, "conflicting_near_labels", "Near-equal images, different labels", near, Verdict.Warning);
        if (images.Splits.Count > 1)
        {
            yield return Leakage(context, "leakage", "Leakage: equal images across splits", exact, Verdict.Error);
            yield return Leakage(context, "near_leakage", "Leakage: near-equal images across splits", near, Verdict.Warning);
        }
    }

    /// <summary>Images that are the same, first one first.</summary>
    public static int[][] Groups(QualityContext context, bool withNear)
    {
        var sets = new UnionFind(context.Images.Count);
        for (int i = 0; i < context.Images.Count; i++)
        {
            sets.Join(i, context.FirstEqual[i]);
        }

        foreach (NearPair pair in withNear ? context.NearPairs : [])
        {
            sets.Join(pair.First, pair.Second);
        }

        return [.. new GroupMembers(sets.ToGroups()).Shared];
    }

    private static QualityCheck Within(
        QualityContext context, string id, string title, string split, int[][] groups, string what, Verdict verdict = Verdict.Warning)
    {
        (int Image, string Note)[] later =
        [
            .. groups.Select(group => group.Where(i => context.Images.SplitOf(i) == split).ToArray())
                .SelectMany(group => group.Skip(1).Select(i => (i, $"like {context.Images.Refer(group[0]).Name}"))),
        ];
        return WithOthers(context, context.Count(
            id, title, split, later, verdict, what,
            "Splits keep copies on one side; a list of exclusions can leave exact copies out."), groups);
    }

    private static QualityCheck Conflicts(QualityContext context, string id, string title, int[][] groups, Verdict verdict)
    {
        (int Image, string Note)[] found =
        [
            .. groups.Where(group => group.Select(context.Images.Label).Distinct().Count() > 1)
                .SelectMany(group => group.Select(i => (i, $"labelled {context.Images.Refer(i).Label}"))),
        ];
        return WithOthers(
            context, context.Count(id, title, "all", found, verdict, "have a copy under another label", "Correct the labels, or leave these images out."), groups);
    }

    private static QualityCheck Leakage(QualityContext context, string id, string title, int[][] groups, Verdict verdict)
    {
        (int Image, string Note)[] found =
        [
            .. groups.Where(group => group.Select(context.Images.SplitOf).Distinct().Count() > 1)
                .SelectMany(group => group.Where(
                    i => context.Images.SplitOf(i) != "train" || group.All(k => context.Images.SplitOf(k) != "train"))
                    .Select(i => (i, $"also {context.Images.Refer(group.First(k => context.Images.SplitOf(k) != context.Images.SplitOf(i))).Name} of {context.Images.SplitOf(group.First(k => context.Images.SplitOf(k) != context.Images.SplitOf(i)))}"))),
        ];
        return WithOthers(
            context, context.Count(id, title, "all", found, verdict, "are known from another split", "Leave the training copies out: the list of exclusions does."), groups);
    }

    /// <summary>Puts beside every example the image that it is a copy of.</summary>
    private static QualityCheck WithOthers(QualityContext context, QualityCheck check, int[][] groups)
    {
        var references = new Dictionary<ImageReference, ImageReference>();
        foreach (int[] group in check.Count == 0 ? [] : groups)
        {
            ImageReference[] members = [.. group.Select(context.Images.Refer)];
            foreach (ImageReference member in members)
            {
                references[member] = members.FirstOrDefault(other => other != member && other.Split != member.Split) ?? members.First(
                    other => other != member);
            }
        }

        return check with
        {
            Examples = [.. check.Examples.Select(example => example with { Other = references.GetValueOrDefault(example.Image) })],
        };
    }
}
