namespace Inkling.Hub;

/// <summary>
/// Puts a folder onto the Hub in one commit: only what changed is sent, and nothing shows before all of it is there.
/// </summary>
/// <param name="settings">Where to and who.</param>
public sealed class FolderPublisher(HubSettings settings)
{
    private const string CardName = "README.md";

    /// <summary>Publishes a folder.</summary>
    /// <param name="folder">What goes there.</param>
    /// <param name="publication">Where to and how.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends it; the repository stays as it was.</param>
    /// <exception cref="HubException">The Hub refuses or can't be reached; the repository is as it was.</exception>
    public async Task<PublicationResult> PublishAsync(
        PublishedFolder folder, Publication publication, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(publication);
        UploadFile[] files = [.. folder.Files.Select(file =>
            new UploadFile(file.Path, file.Source, new FileInfo(file.Source).Length, FileHashes.Of(file.Source)))];
        using var transport = new HubTransport(settings);
        var api = new HubApi(transport, settings);
        HubRepository repository = publication.Repository;
        await CheckTokenAsync(api, cancellation).ConfigureAwait(false);
        if (!publication.IsDryRun)
        {
            await api.CreateAsync(repository, publication.IsPrivate, cancellation).ConfigureAwait(false);
        }

        await api.ValidateCardAsync(
            repository, await File.ReadAllTextAsync(files.Single(file => file.Path == CardName).Source, cancellation).ConfigureAwait(false),
            cancellation)
            .ConfigureAwait(false);
        string? head = await HeadAsync(api, publication, cancellation).ConfigureAwait(false);
        IReadOnlyList<HubFile> there = head is null ? [] : await api.ListAsync(repository, head, cancellation).ConfigureAwait(false);
        EnsureReplaceable(repository, folder, there);

        UploadFile[] changed = [.. files.Where(file => !there.Any(known => known.Path == file.Path && known.Is(file.Hashes)))];
        string[] removed = [.. there.Select(known => known.Path)
            .Where(path => folder.Known.Contains(path) && files.All(file => file.Path != path))];
        var result = new PublicationResult(repository, [.. changed.Select(file => (file.Path, file.Size))], removed, head, null);
        if (publication.IsDryRun || (changed.Length == 0 && removed.Length == 0))
        {
            return publication.IsDryRun ? result with { Commit = null } : result;
        }

        var upload = new FolderUpload(transport, api, settings, publication, head!, changed, removed, progress);
        HubCommit commit = await upload.RunAsync(files, cancellation).ConfigureAwait(false);
        return result with { Commit = commit.Oid, PullRequest = commit.PullRequest is { } url ? new Uri(url) : null };
    }

    private async Task CheckTokenAsync(HubApi api, CancellationToken cancellation)
    {
        if (settings.Token is null)
        {
            throw new HubException(
                "publish: no token. Make one with the right to write on the Hub's settings page, and set HF_TOKEN or run 'hf auth login'.");
        }

        HubAccount account = await api.WhoAmIAsync(cancellation).ConfigureAwait(false);
        if (account.Role == "read")
        {
            throw new HubException(
                $"publish: the token of {account.Name} may only read. Make one with the right to write, and set HF_TOKEN.");
        }
    }

    /// <summary>The commit to build on; null in a dry run for what doesn't exist yet.</summary>
    private static async Task<string?> HeadAsync(HubApi api, Publication publication, CancellationToken cancellation)
    {
        try
        {
            return publication.IsDryRun
                ? await api.FindCommitAsync(publication.Repository, publication.Revision, cancellation).ConfigureAwait(false)
                : await api.CommitOfAsync(publication.Repository, publication.Revision, cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (e.ErrorCode == "RevisionNotFound" && publication.IsDryRun)
        {
            return await api.FindCommitAsync(publication.Repository, HubReference.DefaultRevision, cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (e.ErrorCode == "RevisionNotFound"
            && !publication.Revision.StartsWith("refs/", StringComparison.Ordinal))
        {
            await api.CreateBranchAsync(publication.Repository, publication.Revision, cancellation).ConfigureAwait(false);
            return await api.CommitOfAsync(publication.Repository, publication.Revision, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A repository that holds something else is not ours to mix with.</summary>
    private static void EnsureReplaceable(HubRepository repository, PublishedFolder folder, IReadOnlyList<HubFile> there)
    {
        HubFile? foreign = there.All(file => file.Path != folder.Mark)
            ? there.FirstOrDefault(
                file => !folder.Known.Contains(file.Path) && file.Path is not (".gitattributes" or "README.md" or "LICENSE"))
            : null;
        if (foreign is not null)
        {
            throw new HubException(
                $"{repository}: expected an empty repository or one with {folder.Mark}, found {foreign.Path}. It holds something else: choose another name; nothing was sent.");
        }
    }
}
