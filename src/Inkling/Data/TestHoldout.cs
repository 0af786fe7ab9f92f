using Inkling.Duplicates;

namespace Inkling.Data;

/// <summary>Makes the test images of a dataset that brings none.</summary>
/// <remarks>
/// A tenth of the images, stratified, duplicates on one side, drawn from a seed of its own: every run on the same pictures
/// is judged by the same test images, whatever its recipe and seed. Pictures that the source keeps for validation stay that.
/// </remarks>
internal static class TestHoldout
{
    private const int Share = 10;

    // "test" in ASCII.
    private const ulong Seed = 0x74657374;

    /// <summary>Takes a dataset's only images apart.</summary>
    /// <param name="name">Of the dataset.</param>
    /// <param name="classNames">In label order.</param>
    /// <param name="all">The images.</param>
    /// <param name="validation">Indices of those that the source keeps for choosing; null to have them drawn.</param>
    public static ImageDataset Split(string name, IReadOnlyList<string> classNames, ImageSet all, int[]? validation)
    {
        int[] groups = DuplicateGroups.Find(all.ToThumbnails());
        HashSet<int> given = [.. validation ?? []];
        HashSet<int> givenGroups = [.. given.Select(i => groups[i])];
        int[] candidates = [.. Enumerable.Range(0, all.Count).Where(i => !givenGroups.Contains(groups[i]))];
        int[] labels = Array.ConvertAll(candidates, i => all.Labels[i]);
        int count = Math.Min(candidates.Length / Share, candidates.Length - labels.Distinct().Count());
        if (count <= 0)
        {
            return new ImageDataset(name, classNames, all, loadTest: null, validation);
        }

        DataSplit parts = DataSplit.Stratified(labels, classNames.Count, count, Seed, Array.ConvertAll(candidates, i => groups[i]));
        if (parts.Validation.IsEmpty)
        {
            // Groups of copies that are larger than a tenth of their classes.
            return new ImageDataset(name, classNames, all, loadTest: null, validation);
        }

        HashSet<int> test = [.. parts.Validation.ToArray().Select(i => candidates[i])];
        int[] kept = [.. Enumerable.Range(0, all.Count).Where(i => !test.Contains(i))];
        int[]? keptValidation = validation is null ? null : [.. Enumerable.Range(0, kept.Length).Where(i => given.Contains(kept[i]))];
        ImageSet sealedImages = all.Subset([.. test.Order()]);
        return new ImageDataset(name, classNames, all.Subset(kept), () => sealedImages, keptValidation);
    }
}
