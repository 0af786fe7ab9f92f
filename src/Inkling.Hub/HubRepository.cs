using System.Text.RegularExpressions;

namespace Inkling.Hub;

/// <summary>What a repository of the Hub holds.</summary>
public enum HubRepositoryType
{
    /// <summary>A model.</summary>
    Model,

    /// <summary>A dataset.</summary>
    Dataset,

    /// <summary>A web page or program.</summary>
    Space,
}

/// <summary>A repository of the Hub.</summary>
public sealed partial record HubRepository
{
    /// <param name="type">What it holds.</param>
    /// <param name="id"><c>USER/NAME</c>, where USER may be an organisation.</param>
    /// <exception cref="ArgumentException">The Hub has no such names.</exception>
    public HubRepository(HubRepositoryType type, string id)
    {
        if (!IsId(id))
        {
            throw new ArgumentException($"{id}: expected USER/NAME with 1 to 96 letters, digits, '-', '_' and '.' each.", nameof(id));
        }

        (Type, Id) = (type, id);
    }

    /// <summary>What it holds.</summary>
    public HubRepositoryType Type { get; }

    /// <summary><c>USER/NAME</c>.</summary>
    public string Id { get; }

    /// <summary>USER: a person or an organisation.</summary>
    public string Owner => Id[..Id.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>NAME.</summary>
    public string Name => Id[(Owner.Length + 1)..];

    internal string TypeName => Type switch
    {
        HubRepositoryType.Dataset => "dataset",
        HubRepositoryType.Space => "space",
        _ => "model",
    };

    /// <summary>Before everything that the API knows of it.</summary>
    internal string ApiPath => $"/api/{TypeName}s/{Id}";

    /// <summary>Before its files and its large file storage; also its page.</summary>
    public string WebPath => Type == HubRepositoryType.Model ? $"/{Id}" : $"/{TypeName}s/{Id}";

    /// <summary>Its folder in the cache.</summary>
    internal string CacheName => $"{TypeName}s--{Owner}--{Name}";

    /// <summary><c>USER/NAME</c>.</summary>
    public override string ToString() => Id;

    /// <summary>Whether the Hub would take a name.</summary>
    public static bool IsId(string id) => id.Split('/') is [var owner, var name] && IsName(owner) && IsName(name);

    private static bool IsName(string name) =>
        name.Length <= 96
        && NamePattern().IsMatch(name)
        && !name.Contains("--", StringComparison.Ordinal)
        && !name.Contains("..", StringComparison.Ordinal)
        && !name.EndsWith(".git", StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?\z")]
    private static partial Regex NamePattern();
}

/// <summary>A state of a repository: <c>USER/NAME[@REV]</c>.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Revision">A branch, tag, pull request (<c>refs/pr/1</c>) or commit.</param>
public sealed record HubReference(HubRepository Repository, string Revision)
{
    /// <summary>The revision without <c>@REV</c>.</summary>
    public const string DefaultRevision = "main";

    /// <summary>Whether the revision is a commit, which never changes.</summary>
    internal bool IsCommit => Revision.Length == 40 && Revision.All(char.IsAsciiHexDigitLower);

    /// <summary>Reads <c>USER/NAME[@REV]</c> as the name of a model.</summary>
    /// <returns>Null if it isn't of that form.</returns>
    public static HubReference? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.IndexOf('@', StringComparison.Ordinal);
        (string id, string revision) = at < 0 ? (text, DefaultRevision) : (text[..at], text[(at + 1)..]);
        return HubRepository.IsId(id) && IsRevision(revision)
            ? new HubReference(new HubRepository(HubRepositoryType.Model, id), revision)
            : null;
    }

    /// <summary><c>USER/NAME</c>, and <c>@REV</c> if it isn't main.</summary>
    public override string ToString() => Revision == DefaultRevision ? Repository.Id : $"{Repository.Id}@{Revision}";

    /// <summary>Whether git would take a name for a branch, tag or commit; such a name is also safe as a path of the cache.</summary>
    public static bool IsRevision(string revision) =>
        revision.Length is > 0 and <= 200
        && !revision.StartsWith('-')
        && !revision.Contains("@{", StringComparison.Ordinal)
        && !revision.Any(c => c is <= ' ' or > '~' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
        && revision.Split('/').All(part =>
            part.Length > 0
            && !part.StartsWith('.')
            && !part.EndsWith('.')
            && !part.Contains("..", StringComparison.Ordinal)
            && !part.EndsWith(".lock", StringComparison.Ordinal));
}
