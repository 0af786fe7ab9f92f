namespace Inkling.Duplicates;

/// <summary>Disjoint sets of the numbers below a count; each is named by its lowest member.</summary>
/// <remarks>Source: Tarjan 1975, with path halving.</remarks>
internal sealed class UnionFind
{
    private readonly int[] _parents;

    public UnionFind(int count) => _parents = [.. Enumerable.Range(0, count)];

    public int Find(int member)
    {
        while (_parents[member] != member)
        {
            _parents[member] = _parents[_parents[member]];
            member = _parents[member];
        }

        return member;
    }

    public void Join(int first, int second)
    {
        int a = Find(first);
        int b = Find(second);
        _parents[Math.Max(a, b)] = Math.Min(a, b);
    }

    /// <summary>For every number the name of its set.</summary>
    public int[] ToGroups()
    {
        for (int i = 0; i < _parents.Length; i++)
        {
            Find(i);
            _parents[i] = Find(i);
        }

        return _parents;
    }
}
