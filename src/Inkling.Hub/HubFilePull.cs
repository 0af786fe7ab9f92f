namespace Inkling.Hub;

/// <summary>Files of a repository in the cache.</summary>
/// <param name="Folder">A snapshot of the cache: to read, never to write to.</param>
/// <param name="Commit">Which state it is.</param>
/// <param name="Files">Paths of the files below it, as on the Hub.</param>
/// <param name="Unreached">Why the Hub could not be asked and the cache was believed; null if it was asked or didn't need to be.</param>
public sealed record PulledFiles(string Folder, string Commit, IReadOnlyList<string> Files, HubException? Unreached);

/// <summary>Takes some files of a repository into the cache that the official clients share.</summary>
/// <param name="settings">Where from and where to.</param>
/// <remarks>
/// A revision is pinned to a commit first, and files are checked by hash. A commit that has been fetched once needs no network: which of
/// its files were wanted is kept beside them.
/// </remarks>
public sealed class HubFilePull(HubSettings settings)
{
    /// <summary>Fetches what the cache doesn't have.</summary>
    /// <param name="reference">Which repository and revision.</param>
    /// <param name="folder">The folder that <paramref name="choose"/> keeps to; null for the whole.</param>
    /// <param name="choose">Which files of a listing are wanted; throws if they can't be had.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends it; what has been fetched stays for the next time.</param>
    /// <exception cref="HubException">The Hub refuses, or can't be reached and the cache has nothing.</exception>
    /// <exception cref="IOException">The cache can't be written.</exception>
    public async Task<PulledFiles> FetchAsync(
        HubReference reference, string? folder, Func<HubListing, IReadOnlyList<HubFile>> choose,
        IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(choose);
        using var pull = new SnapshotPull(settings, reference);
        PinnedCommit pinned = await pull.PinAsync(cancellation).ConfigureAwait(false);
        IReadOnlyList<string> files = pull.Cache.ReadList(pinned.Commit, folder);
        if (files.Count == 0)
        {
            if (settings.IsOffline || pinned.Unreached is not null)
            {
                throw pinned.Unreached ?? pull.NotCached();
            }

            IReadOnlyList<HubFile> chosen = choose(await pull.ListAsync(pinned.Commit, cancellation).ConfigureAwait(false));
            await pull.FetchAsync(pinned, chosen, progress, cancellation).ConfigureAwait(false);
            files = [.. chosen.Select(file => file.Path)];
            pull.Cache.WriteList(pinned.Commit, folder, files);
        }

        pull.Remember(pinned);
        return new PulledFiles(pull.Cache.Snapshot(pinned.Commit), pinned.Commit, files, pinned.Unreached);
    }
}
