namespace Inkling.Hub;

/// <summary>A state of a repository that a name was pinned to.</summary>
/// <param name="Commit">Which.</param>
/// <param name="Unreached">Why the Hub could not be asked and the cache was believed; null if it was asked or didn't need to be.</param>
internal sealed record PinnedCommit(string Commit, HubException? Unreached);

/// <summary>
/// Takes files of one state of a repository into the cache: the revision is pinned to a commit first, each file is checked by
/// hash, and the name of the revision is remembered last.
/// </summary>
internal sealed class SnapshotPull : IDisposable
{
    private readonly HubSettings _settings;
    private readonly HubReference _reference;
    private readonly HubTransport _transport;
    private readonly HubApi _api;

    internal SnapshotPull(HubSettings settings, HubReference reference)
    {
        (_settings, _reference) = (settings, reference);
        _transport = new HubTransport(settings);
        _api = new HubApi(_transport, settings);
        Cache = new HubCache(settings, reference.Repository);
    }

    internal HubCache Cache { get; }

    public void Dispose() => _transport.Dispose();

    /// <summary>The commit that the revision is now; of the cache if the Hub can't be asked.</summary>
    internal async Task<PinnedCommit> PinAsync(CancellationToken cancellation)
    {
        if (_reference.IsCommit)
        {
            return new PinnedCommit(_reference.Revision, null);
        }

        if (_settings.IsOffline)
        {
            return new PinnedCommit(Cache.ReadRef(_reference.Revision) ?? throw NotCached(), null);
        }

        try
        {
            return new PinnedCommit(
                await _api.CommitOfAsync(_reference.Repository, _reference.Revision, cancellation).ConfigureAwait(false), null);
        }
        catch (HubException e) when (e.Status is null or >= 500 && Cache.ReadRef(_reference.Revision) is { } cached)
        {
            return new PinnedCommit(cached, e);
        }
    }

    /// <summary>All files of a commit.</summary>
    internal async Task<HubListing> ListAsync(string commit, CancellationToken cancellation) =>
        new(await _api.ListAsync(_reference.Repository, commit, cancellation).ConfigureAwait(false));

    /// <summary>Fetches what the cache doesn't have.</summary>
    /// <param name="pinned">Of which commit.</param>
    /// <param name="files">Which files of it.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends it; what has been fetched stays for the next time.</param>
    internal async Task FetchAsync(
        PinnedCommit pinned, IReadOnlyList<HubFile> files, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        long total = files.Sum(file => file.Size);
        long done = 0;
        var download = new HubDownload(_transport, _api, _settings);
        foreach (HubFile file in files)
        {
            await Cache.AddAsync(
                pinned.Commit,
                file,
                path => download.FetchAsync(
                    _reference.Repository, pinned.Commit, file, path,
                    bytes => progress?.Report(new HubProgress(file.Path, done + bytes, total)), cancellation),
                cancellation).ConfigureAwait(false);
            done += file.Size;
            progress?.Report(new HubProgress(file.Path, done, total));
        }
    }

    /// <summary>Lets the cache know what the revision is now.</summary>
    internal void Remember(PinnedCommit pinned)
    {
        if (!_reference.IsCommit && pinned.Unreached is null && Cache.ReadRef(_reference.Revision) != pinned.Commit)
        {
            Cache.WriteRef(_reference.Revision, pinned.Commit);
        }
    }

    /// <summary>For what isn't in the cache when nothing else may be asked.</summary>
    internal HubException NotCached() => new(
        $"{_reference}: not in the cache {_settings.CacheFolder}, and HF_HUB_OFFLINE or --offline is set. Fetch it once without.");
}
