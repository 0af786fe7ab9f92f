using Inkling.Data;
using Inkling.Engine;

namespace Inkling.Quality;

/// <summary>Whether everything is there, readable and of one kind.</summary>
internal static class IntegrityChecks
{
    /// <summary>Above this share one size is the rule, and others are the exceptions to look at.</summary>
    private const double Rule = 0.9;

    public static IEnumerable<QualityCheck> Run(QualityContext context)
    {
        QualityImages images = context.Images;
        foreach (string split in images.Splits)
        {
            yield return Counts(images, split);
        }

        UnreadablePicture[] unreadable = [.. images.Sets.SelectMany(set => set.Origin?.Unreadable ?? [])];
        yield return Files(
            "unreadable", "Unreadable files", unreadable.Length, Verdict.Error, string.Join(
                "; ", unreadable.Take(5).Select(picture => picture.Fault)),
            "files can't be decoded", "They are left out here; train leaves them out with a list of exclusions.");
        string[] ignored = [.. images.Sets.SelectMany(set => set.Origin?.Ignored ?? []).Distinct()];
        yield return Files(
            "other_files", "Files that are no pictures", ignored.Length, Verdict.Note, string.Join(", ", ignored.Take(5)),
            "files were passed over because of their names", "Convert them to PNG if they are pictures, or remove them.");
        yield return Mixed(context, "mixed_sizes", "Mixed sizes", shape => $"{shape.Width}×{shape.Height}", "All images are scaled to the network's input.");
        yield return Mixed(context, "mixed_channels", "Grey among colour", shape => shape.Channels == 1 ? "grey" : "colour", "All images are brought to the network's channels.");
        yield return EmptyClasses(images);
    }

    private static QualityCheck Counts(QualityImages images, string split)
    {
        int count = images.Members(split).Length;
        return new QualityCheck
        {
            Id = "images",
            Title = "Images",
            Split = split,
            Value = count,
            Threshold = 1,
            Verdict = Verdict.Passed,
            Count = count,
            Finding = $"{count:N0} images of {images.Dataset.Width}×{images.Dataset.Height} pixels, {(images.Dataset.Channels == 1 ? "grey" : "colour")}, 8 bits; every label is from 0 to {images.Dataset.ClassNames.Count - 1}.",
            Measure = "Files, sizes and labels were checked on reading; a fault would have stopped it.",
        };
    }

    private static QualityCheck Files(string id, string title, int count, Verdict verdict, string which, string what, string measure) =>
        new()
    {
        Id = id,
        Title = title,
        Split = "all",
        Value = count,
        Threshold = 0,
        Verdict = count == 0 ? Verdict.Passed : verdict,
        Count = count,
        Finding = count == 0 ? $"No {what}." : $"{count:N0} {what}: {which}.",
        Measure = count == 0 ? "None needed." : measure,
    };

    private static QualityCheck Mixed(
        QualityContext context, string id, string title, Func<Shape, string> kindOf, string measure)
    {
        string[] kinds =
        [
            .. context.Images.Sets.SelectMany(set => Enumerable.Range(0, set.Count).Select(i =>
                kindOf(set.Origin?.Shapes[i] ?? new Shape(set.Channels, set.Height, set.Width)))),
        ];
        (string most, int count) =
            kinds.CountBy(kind => kind).OrderByDescending(kind => kind.Value).ThenBy(kind => kind.Key, StringComparer.Ordinal).First();
        bool isRule = count >= Rule * kinds.Length;
        (int Image, string Note)[] others = isRule
            ? [.. Enumerable.Range(0, kinds.Length).Where(i => kinds[i] != most).Select(i => (i, kinds[i]))]
            : [];
        return isRule
            ? context.Count(id, title, "all", others, Verdict.Warning, $"are not {most} like the others", measure)
            : context.Count(id, title, "all", [], Verdict.Note, $"are odd: {kinds.Distinct().Count():N0} kinds, most often {most}", measure) with
            {
                Verdict = Verdict.Note,
                Value = kinds.Length - count,
                Count = kinds.Length - count,
                Finding = $"{kinds.Distinct().Count():N0} kinds, most often {most} ({count:N0} images).",
                Measure = measure,
            };
    }

    private static QualityCheck EmptyClasses(QualityImages images)
    {
        string[] missing =
        [
            .. images.Splits.SelectMany(split => images.Dataset.ClassNames.Index()
                .ExceptBy(images.Members(split).Select(images.Label).Distinct(), entry => entry.Index)
                .Select(entry => $"{entry.Item} in {split}")),
        ];
        return Files(
            "empty_classes", "Classes without images", missing.Length, Verdict.Warning, string.Join(", ", missing.Take(8)),
            "classes have no image in a split", "Add images: recall can't be measured, or the class can't be learned.");
    }
}
