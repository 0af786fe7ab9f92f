namespace Inkling.Duplicates;

/// <summary>Which images are the same picture, exactly or nearly.</summary>
internal static class DuplicateGroups
{
    /// <summary>[N] for every image the first of its group.</summary>
    public static int[] Find(Thumbnails images)
    {
        int[] first = ExactDuplicates.FirstEqual(images);
        var groups = new UnionFind(images.Count);
        for (int i = 0; i < first.Length; i++)
        {
            groups.Join(i, first[i]);
        }

        foreach (NearPair pair in NearDuplicates.Find(images, first))
        {
            groups.Join(pair.First, pair.Second);
        }

        return groups.ToGroups();
    }
}
