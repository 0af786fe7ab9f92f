namespace Inkling.Data;

/// <summary>Who belongs together with an image.</summary>
internal sealed class GroupMembers
{
    // Members of groups of two and more; most images are alone.
    private readonly Dictionary<int, int[]> _shared = [];
    private readonly int[] _groups;

    /// <param name="groups">[N] a number for each image; empty if every image is alone.</param>
    public GroupMembers(ReadOnlySpan<int> groups)
    {
        _groups = groups.ToArray();
        foreach (IGrouping<int, int> group in Enumerable.Range(0, _groups.Length).GroupBy(i => _groups[i])
            .Where(group => group.Count() > 1))
        {
            _shared.Add(group.Key, [.. group]);
        }
    }

    /// <summary>Groups of two and more images, by their first image.</summary>
    public IEnumerable<int[]> Shared => _shared.Values.OrderBy(group => group[0]);

    /// <summary>The image's group, the image included.</summary>
    public ReadOnlySpan<int> Of(int image) =>
        _groups.Length > 0 && _shared.TryGetValue(_groups[image], out int[]? group) ? group : (int[])[image];
}
