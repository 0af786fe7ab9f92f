using Inkling.Packages;
using Inkling.Serialization;

namespace Inkling.Hub;

/// <summary>A package in the cache.</summary>
/// <param name="Folder">A snapshot of the cache: to read, never to write to.</param>
/// <param name="Commit">Which state it is.</param>
/// <param name="Unreached">Why the Hub could not be asked and the cache was believed; null if it was asked or didn't need to be.</param>
public sealed record PulledPackage(string Folder, string Commit, HubException? Unreached);

/// <summary>
/// Takes packages from the Hub: the revision is pinned to a commit first, only files of a package are fetched, each is checked
/// by hash, and the name of the revision is remembered last.
/// </summary>
/// <param name="settings">Where from and where to.</param>
public sealed class PackagePull(HubSettings settings)
{
    /// <summary>No package of ours comes near; a hostile listing may say anything.</summary>
    private const long MaxBytes = 8L << 30;

    /// <summary>Fetches what the cache doesn't have.</summary>
    /// <param name="reference">Which package.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends it; what has been fetched stays for the next time.</param>
    /// <exception cref="HubException">The Hub refuses, or can't be reached and the cache has nothing.</exception>
    /// <exception cref="ModelFormatException">It isn't a package of Inkling, or its listing is hostile.</exception>
    public Task<PulledPackage> PullAsync(
        HubReference reference, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return PullAsync(reference, isCacheEnough: false, progress, cancellation);
    }

    /// <summary>
    /// The package to use: as <see cref="PullAsync(HubReference, IProgress{HubProgress}, CancellationToken)"/>, but content with the cache
    /// if that has the commit.
    /// </summary>
    /// <inheritdoc cref="PullAsync(HubReference, IProgress{HubProgress}, CancellationToken)"/>
    public Task<PulledPackage> FindAsync(
        HubReference reference, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return PullAsync(reference, isCacheEnough: true, progress, cancellation);
    }

    private async Task<PulledPackage> PullAsync(
        HubReference reference, bool isCacheEnough, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        using var pull = new SnapshotPull(settings, reference);
        PinnedCommit pinned = await pull.PinAsync(cancellation).ConfigureAwait(false);
        string snapshot = pull.Cache.Snapshot(pinned.Commit);
        if (settings.IsOffline || pinned.Unreached is not null || isCacheEnough)
        {
            if (IsUsable(snapshot))
            {
                pull.Remember(pinned);
                return new PulledPackage(snapshot, pinned.Commit, pinned.Unreached);
            }

            if (pinned.Unreached is not null || settings.IsOffline)
            {
                throw pinned.Unreached ?? pull.NotCached();
            }
        }

        IReadOnlyList<HubFile> files = PackageFilesOf(reference, await pull.ListAsync(pinned.Commit, cancellation).ConfigureAwait(false));
        await pull.FetchAsync(pinned, files, progress, cancellation).ConfigureAwait(false);
        pull.Remember(pinned);
        return new PulledPackage(snapshot, pinned.Commit, null);
    }

    /// <summary>Whether a snapshot has all that a model needs; other clients may have fetched only some files.</summary>
    private static bool IsUsable(string snapshot)
    {
        string packageLock = Path.Combine(snapshot, PackageFiles.Lock);
        return File.Exists(packageLock) && PackageManifest.Read(packageLock).Files.Keys.All(
            name => File.Exists(Path.Combine(snapshot, name)));
    }

    private static List<HubFile> PackageFilesOf(HubReference reference, HubListing listing)
    {
        List<HubFile> files = [.. listing.Files.Where(file => PackageFiles.Belongs(file.Path))];
        if (listing.FaultOf(files, MaxBytes) is { } fault)
        {
            throw new ModelFormatException(reference.ToString(), "a listing of files of a package", fault, "Don't trust this repository.");
        }

        return files.Any(file => file.Path == PackageFiles.Lock) ? files : throw new ModelFormatException(
            reference.ToString(), $"a package of Inkling, which has {PackageFiles.Lock}", $"{listing.Files.Count} other files",
            "Check the name; models of other programs can't be used.");
    }
}
