namespace Inkling.Tests.Architecture;

/// <summary>Namespaces that reach each other.</summary>
internal static class NamespaceCycles
{
    /// <summary>Every group of two or more namespaces each of which reaches all others, with the arrows among them.</summary>
    internal static IEnumerable<(string[] Namespaces, Arrow[] Arrows)> Of(IReadOnlyCollection<Arrow> arrows)
    {
        Arrow[] between = [.. arrows.Where(arrow => arrow.IsBetweenNamespaces)];
        ILookup<string, string> next = between.Select(arrow => (arrow.FromNamespace, arrow.ToNamespace)).Distinct()
            .ToLookup(pair => pair.FromNamespace, pair => pair.ToNamespace);
        Dictionary<string, HashSet<string>> reached = next.ToDictionary(group => group.Key, group => Reached(group.Key, next));
        bool Reaches(string from, string to) => reached.TryGetValue(from, out HashSet<string>? names) && names.Contains(to);

        return reached.Keys
            .Where(name => Reaches(name, name))
            .GroupBy(name => string.Join(' ', reached[name].Where(other => Reaches(other, name)).Order(StringComparer.Ordinal)))
            .Select(group => (
                Namespaces: group.Order(StringComparer.Ordinal).ToArray(),
                Arrows: between.Where(arrow => group.Contains(arrow.FromNamespace) && group.Contains(arrow.ToNamespace)).ToArray()));
    }

    private static HashSet<string> Reached(string start, ILookup<string, string> next)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(next[start]);
        while (open.TryPop(out string? name))
        {
            if (reached.Add(name))
            {
                foreach (string further in next[name])
                {
                    open.Push(further);
                }
            }
        }

        return reached;
    }
}
