namespace Inkling.Hub;

/// <summary>How to publish.</summary>
/// <param name="Repository">Where to; made if it isn't there.</param>
public sealed record Publication(HubRepository Repository)
{
    /// <summary>The branch; made from main if it isn't there.</summary>
    public string Revision { get; init; } = HubReference.DefaultRevision;

    /// <summary>Whether a repository that has to be made is private.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Propose it as a pull request and leave the branch as it is.</summary>
    public bool AsPullRequest { get; init; }

    /// <summary>Only say what would be sent.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>What a publication sends, or would.</summary>
/// <param name="Repository">Where to.</param>
/// <param name="Sent">Files that are new or changed, with their sizes.</param>
/// <param name="Removed">Files that were there and no longer are.</param>
/// <param name="Commit">The state that holds them; null after a dry run.</param>
/// <param name="PullRequest">Its page, if one was asked for.</param>
public sealed record PublicationResult(
    HubRepository Repository, IReadOnlyList<(string Path, long Size)> Sent, IReadOnlyList<string> Removed, string? Commit,
    Uri? PullRequest);

/// <summary>What goes into a repository.</summary>
/// <param name="Files">Path in the repository, and the file on this machine.</param>
/// <param name="Known">Every path that this kind of repository may have: those that are gone here go there too.</param>
/// <param name="Mark">The file by which the repository is known to be of this kind.</param>
public sealed record PublishedFolder(IReadOnlyList<(string Path, string Source)> Files, IReadOnlyList<string> Known, string Mark);
