using Inkling.Packaging;
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

    private const int MaxPathLength = 1000;

    /// <summary>Fetches what the cache doesn't have.</summary>
    /// <param name="reference">Which package.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends it; what has been fetched stays for the next time.</param>
    /// <exception cref="HubException">The Hub refuses, or can't be reached and the cache has nothing.</exception>
    /// <exception cref="ModelFormatException">It isn't a package of Inkling, or its listing is hostile.</exception>
    public Task<PulledPackage> PullAsync(HubReference reference, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return PullAsync(reference, isCacheEnough: false, progress, cancellation);
    }

    /// <summary>The package to use: as <see cref="PullAsync(HubReference, IProgress{HubProgress}, CancellationToken)"/>, but content with the cache if that has the commit.</summary>
    /// <inheritdoc cref="PullAsync(HubReference, IProgress{HubProgress}, CancellationToken)"/>
    public Task<PulledPackage> FindAsync(HubReference reference, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return PullAsync(reference, isCacheEnough: true, progress, cancellation);
    }

    private async Task<PulledPackage> PullAsync(
        HubReference reference, bool isCacheEnough, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        using var transport = new HubTransport(settings);
        var api = new HubApi(transport, settings);
        var cache = new HubCache(settings, reference.Repository);
        (string commit, HubException? unreached) = await PinAsync(reference, api, cache, cancellation).ConfigureAwait(false);
        string snapshot = cache.Snapshot(commit);
        if (settings.IsOffline || unreached is not null || isCacheEnough)
        {
            if (IsUsable(snapshot))
            {
                Remember(reference, commit, cache, unreached);
                return new PulledPackage(snapshot, commit, unreached);
            }

            if (unreached is not null || settings.IsOffline)
            {
                throw unreached ?? NotCached(reference);
            }
        }

        IReadOnlyList<HubFile> files = PackageFilesOf(reference, await api.ListAsync(reference.Repository, commit, cancellation).ConfigureAwait(false));
        long total = files.Sum(file => file.Size);
        long done = 0;
        var download = new HubDownload(transport, api, settings);
        foreach (HubFile file in files)
        {
            await cache.AddAsync(
                commit,
                file,
                path => download.FetchAsync(
                    reference.Repository, commit, file, path, bytes => progress?.Report(new HubProgress(file.Path, done + bytes, total)), cancellation),
                cancellation).ConfigureAwait(false);
            done += file.Size;
            progress?.Report(new HubProgress(file.Path, done, total));
        }

        Remember(reference, commit, cache, unreached);
        return new PulledPackage(snapshot, commit, null);
    }

    private async Task<(string Commit, HubException? Unreached)> PinAsync(
        HubReference reference, HubApi api, HubCache cache, CancellationToken cancellation)
    {
        if (reference.IsCommit)
        {
            return (reference.Revision, null);
        }

        if (settings.IsOffline)
        {
            return (cache.ReadRef(reference.Revision) ?? throw NotCached(reference), null);
        }

        try
        {
            return (await api.CommitOfAsync(reference.Repository, reference.Revision, cancellation).ConfigureAwait(false), null);
        }
        catch (HubException e) when (e.Status is null or >= 500 && cache.ReadRef(reference.Revision) is { } cached)
        {
            return (cached, e);
        }
    }

    private static void Remember(HubReference reference, string commit, HubCache cache, HubException? unreached)
    {
        if (!reference.IsCommit && unreached is null && cache.ReadRef(reference.Revision) != commit)
        {
            cache.WriteRef(reference.Revision, commit);
        }
    }

    /// <summary>Whether a snapshot has all that a model needs; other clients may have fetched only some files.</summary>
    private static bool IsUsable(string snapshot)
    {
        string packageLock = Path.Combine(snapshot, PackageFiles.Lock);
        return File.Exists(packageLock) && PackageLock.Read(packageLock).Files.Keys.All(name => File.Exists(Path.Combine(snapshot, name)));
    }

    private HubException NotCached(HubReference reference) => new(
        $"{reference}: not in the cache {settings.CacheFolder}, and HF_HUB_OFFLINE is set. Unset it once to pull the package.");

    private static List<HubFile> PackageFilesOf(HubReference reference, IReadOnlyList<HubFile> listing)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (HubFile file in listing)
        {
            string? fault = !IsSafe(file.Path) ? "a name that leaves its folder"
                : !names.Add(file.Path) ? "a name that occurs twice"
                : null;
            if (fault is not null)
            {
                throw new ModelFormatException(reference.ToString(), "a listing of files of the repository", $"{fault}: {Shortened(file.Path)}", "Don't trust this repository.");
            }
        }

        List<HubFile> files = [.. listing.Where(file => PackageFiles.Belongs(file.Path))];
        if (files.All(file => file.Path != PackageFiles.Lock))
        {
            throw new ModelFormatException(
                reference.ToString(), $"a package of Inkling, which has {PackageFiles.Lock}", $"{listing.Count} other files",
                "Check the name; models of other programs can't be used.");
        }

        // Sizes come from outside: their sum might overflow.
        return files.All(file => file.Size <= MaxBytes) && files.Sum(file => file.Size) <= MaxBytes ? files : throw new ModelFormatException(
            reference.ToString(), $"a package of at most {MaxBytes} bytes", $"{files.Max(file => file.Size)} bytes in one file", "Don't trust this repository.");
    }

    private static bool IsSafe(string path) =>
        path.Length is > 0 and <= MaxPathLength
        && !path.Any(c => char.IsControl(c) || c is '\\' or ':')
        && path.Split('/').All(part => part is not ("" or "." or ".."));

    private static string Shortened(string path) => path.Length <= 100 ? path : path[..100] + "…";
}
