using Inkling.Data;
using Inkling.Data.Parquet;

namespace Inkling.Hub;

/// <summary>Datasets of the Hub: their Parquet files, in the cache that the official clients share.</summary>
/// <param name="settings">Where from and where to; asked for only when a dataset of the Hub is wanted.</param>
/// <remarks>
/// A revision is pinned to a commit first, and files are checked by hash. A commit that has been fetched once needs no network:
/// which files are its Parquet files is kept beside them.
/// </remarks>
public sealed class HubDatasets(Func<HubSettings> settings) : IHubDatasetResolver
{
    /// <summary>Most that is fetched; a hostile listing may say anything.</summary>
    private const long MaxBytes = 100L << 30;

    /// <summary>The branch that the Hub keeps for datasets which are stored otherwise.</summary>
    private const string ConvertedRevision = "refs/convert/parquet";

    /// <inheritdoc/>
    /// <exception cref="HubException">The Hub refuses, or can't be reached and the cache has nothing.</exception>
    public HubDatasetFiles Resolve(string name, DatasetOptions options) => ResolveAsync(name, options).GetAwaiter().GetResult();

    /// <summary>Fetches what is missing.</summary>
    /// <param name="name"><c>USER/NAME[/FOLDER][@REVISION]</c>.</param>
    /// <param name="options">Whether the network may be used, and who is told.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends it; what has been fetched stays for the next time.</param>
    /// <exception cref="DataFormatException">
    /// There is no such name, or it has no Parquet files, or those of several datasets; or the cache can't be written.
    /// </exception>
    /// <exception cref="HubException">The Hub refuses, or can't be reached and the cache has nothing.</exception>
    public async Task<HubDatasetFiles> ResolveAsync(
        string name, DatasetOptions options, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        (HubReference reference, string? folder) = Parse(name);
        HubSettings here = settings();
        here = here with { IsOffline = here.IsOffline || options.Offline };
        try
        {
            using var pull = new SnapshotPull(here, reference);
            (string commit, IReadOnlyList<string> files) = await FilesAsync(pull, here, (name, folder), options, progress, cancellation).ConfigureAwait(false);
            return new HubDatasetFiles(
                $"{reference.Repository}{(folder is null ? "" : "/" + folder)}@{commit}", pull.Cache.Snapshot(commit), files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(
                DatasetName.HubPrefix + name, null, $"room and permission in {here.CacheFolder}", e.Message,
                "Make room, or choose another folder with HF_HUB_CACHE.", e);
        }
    }

    private static async Task<(string Commit, IReadOnlyList<string> Files)> FilesAsync(
        SnapshotPull pull, HubSettings here, (string Name, string? Folder) wanted, DatasetOptions options,
        IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        (string name, string? folder) = wanted;
        PinnedCommit pinned = await pull.PinAsync(cancellation).ConfigureAwait(false);
        if (pinned.Unreached is { } unreached)
        {
            options.Report?.Invoke($"the Hub can't be reached; using {name} as it was fetched before, commit {pinned.Commit} ({unreached.Message})");
        }

        IReadOnlyList<string> files = pull.Cache.ReadList(pinned.Commit, folder);
        if (files.Count == 0)
        {
            if (here.IsOffline || pinned.Unreached is not null)
            {
                throw pinned.Unreached ?? pull.NotCached();
            }

            IReadOnlyList<HubFile> chosen = Choose(name, folder, await pull.ListAsync(pinned.Commit, cancellation).ConfigureAwait(false));
            await pull.FetchAsync(pinned, chosen, progress, cancellation).ConfigureAwait(false);
            files = [.. chosen.Select(file => file.Path)];
            pull.Cache.WriteList(pinned.Commit, folder, files);
        }

        pull.Remember(pinned);
        return (pinned.Commit, files);
    }

    private static (HubReference Reference, string? Folder) Parse(string name)
    {
        string[] parts = name.Split('@', 2);
        string[] path = parts[0].Split('/', 3);
        string id = string.Join('/', path.Take(2));
        string revision = parts is [_, var given] ? given : HubReference.DefaultRevision;
        string? folder = path is [_, _, var rest] ? rest : null;
        return HubRepository.IsId(id) && HubReference.IsRevision(revision) && (folder is null || SnapshotPull.IsSafe(folder))
            ? (new HubReference(new HubRepository(HubRepositoryType.Dataset, id), revision), folder)
            : throw new DataFormatException(
                DatasetName.HubPrefix + name, null, $"{DatasetName.HubPrefix}USER/NAME[/FOLDER][@REVISION]", "another name", "Check the spelling on the dataset's page.");
    }

    private static HubFile[] Choose(string name, string? folder, IReadOnlyList<HubFile> listing)
    {
        HubFile[] all = [.. listing.Where(file => file.Path.EndsWith(ParquetLayout.Extension, StringComparison.OrdinalIgnoreCase))];
        HubFile[] chosen = [.. all.Where(file => folder is null || file.Path.StartsWith(folder + "/", StringComparison.Ordinal))];
        string place = DatasetName.HubPrefix + name;
        if (chosen.Length == 0)
        {
            throw new DataFormatException(
                place, null, "Parquet files",
                all.Length > 0 ? $"some in {string.Join(", ", ParquetLayout.FoldersOf(all.Select(file => file.Path)))}" : $"{listing.Count} other files",
                $"The Hub keeps most datasets as Parquet, too: {DatasetName.HubPrefix}{name.Split('@')[0]}@{ConvertedRevision}.");
        }

        if (SnapshotPull.FaultOf(listing, chosen, MaxBytes) is { } fault)
        {
            throw new DataFormatException(place, null, "a listing of files of a dataset", fault, "Don't trust this repository.");
        }

        return ParquetLayout.FoldersOf(chosen.Select(file => file.Path)) is { Count: > 1 } folders
            ? throw new DataFormatException(
                place, null, "the files of one dataset", $"those of {string.Join(", ", folders)}", $"Name the folder: {DatasetName.HubPrefix}USER/NAME/FOLDER.")
            : [.. chosen.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }
}
