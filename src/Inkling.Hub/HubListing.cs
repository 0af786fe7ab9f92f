namespace Inkling.Hub;

/// <summary>All files of one state of a repository, as the Hub tells of them.</summary>
/// <param name="Files">Every file.</param>
public sealed record HubListing(IReadOnlyList<HubFile> Files)
{
    private const int MaxPathLength = 1000;

    /// <summary>What makes a listing one that must not be followed; null if nothing does.</summary>
    /// <param name="wanted">The files that are to be fetched.</param>
    /// <param name="maxBytes">Most bytes that they may have.</param>
    public string? FaultOf(IReadOnlyList<HubFile> wanted, long maxBytes)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (HubFile file in Files)
        {
            if (!IsSafePath(file.Path))
            {
                return $"a name that leaves its folder: {Shortened(file.Path)}";
            }

            if (!names.Add(file.Path))
            {
                return $"a name that occurs twice: {Shortened(file.Path)}";
            }
        }

        // Sizes come from outside: their sum might overflow.
        return wanted.All(file => file.Size <= maxBytes) && wanted.Sum(file => file.Size) <= maxBytes
            ? null
            : $"more than {maxBytes} bytes; {wanted.Max(file => file.Size)} in one file";
    }

    /// <summary>Whether a path with slashes stays below its folder.</summary>
    public static bool IsSafePath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Length is > 0 and <= MaxPathLength
            && !path.Any(c => char.IsControl(c) || c is '\\' or ':')
            && path.Split('/').All(part => part is not ("" or "." or ".."));
    }

    private static string Shortened(string path) => path.Length <= 100 ? path : path[..100] + "…";
}
