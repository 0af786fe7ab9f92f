using Inkling.Data;

namespace Inkling.Quality;

/// <summary>Which training images a list of exclusions names, and why; the first reason of an image counts.</summary>
internal static class ExclusionRules
{
    public static Exclusion[] Choose(QualityContext context, IReadOnlyList<LabelError> errors)
    {
        QualityImages images = context.Images;
        var reasons = new SortedDictionary<int, string>();
        foreach (int[] group in DuplicateChecks.Groups(context, withNear: false))
        {
            bool isConflict = group.Select(images.Label).Distinct().Count() > 1;
            bool isLeak = group.Any(i => images.SplitOf(i) == "test");
            string reason = isConflict ? "conflicting_labels" : isLeak ? "leakage" : "exact_duplicates";
            foreach (int image in isConflict || isLeak ? group : group[1..])
            {
                reasons.TryAdd(image, reason);
            }
        }

        foreach (int[] group in DuplicateChecks.Groups(context, withNear: true).Where(group => group.Any(i => images.SplitOf(i) == "test")))
        {
            foreach (int image in group)
            {
                reasons.TryAdd(image, "near_leakage");
            }
        }

        foreach (int image in Enumerable.Range(0, images.Count).Where(i => ClarityChecks.IsBlank(context.Properties[i])))
        {
            reasons.TryAdd(image, "blank");
        }

        HashSet<ImageReference> wrong = [.. errors.Where(error => error.IsConfident).Select(error => error.Image)];
        foreach (int image in Enumerable.Range(0, images.Count).Where(i => wrong.Count > 0 && wrong.Contains(images.Refer(i))))
        {
            reasons.TryAdd(image, "label_errors");
        }

        ImageSet train = images.Dataset.Train;
        return
        [
            .. (train.Origin?.Unreadable ?? []).Select(picture => new Exclusion(picture.Name, -1, ExclusionList.Unreadable)),
            .. reasons.Where(pair => images.SplitOf(pair.Key) != "test")
                .Select(pair => new Exclusion(train.Origin?.Names[pair.Key], pair.Key, pair.Value)),
        ];
    }
}
