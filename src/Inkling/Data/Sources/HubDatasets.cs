using Inkling.Data.Parquet;
using Inkling.Hub;

namespace Inkling.Data.Sources;

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
            PulledFiles pulled = await new HubFilePull(here)
                .FetchAsync(reference, folder, listing => Choose(name, folder, listing), progress, cancellation).ConfigureAwait(false);
            if (pulled.Unreached is { } unreached)
            {
                options.Report?.Invoke(
                    $"the Hub can't be reached; using {name} as it was fetched before, commit {pulled.Commit} ({unreached.Message})");
            }

            return new HubDatasetFiles(
                $"{reference.Repository}{(folder is null ? "" : "/" + folder)}@{pulled.Commit}", pulled.Folder, pulled.Files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(
                DatasetName.HubPrefix + name, null, $"room and permission in {here.CacheFolder}", e.Message,
                "Make room, or choose another folder with HF_HUB_CACHE.", e);
        }
    }

    private static (HubReference Reference, string? Folder) Parse(string name)
    {
        string[] parts = name.Split('@', 2);
        string[] path = parts[0].Split('/', 3);
        string id = string.Join('/', path.Take(2));
        string revision = parts is [_, var given] ? given : HubReference.DefaultRevision;
        string? folder = path is [_, _, var rest] ? rest : null;
        return HubRepository.IsId(id) && HubReference.IsRevision(revision) && (folder is null || HubListing.IsSafePath(folder))
            ? (new HubReference(new HubRepository(HubRepositoryType.Dataset, id), revision), folder)
            : throw new DataFormatException(
                DatasetName.HubPrefix + name, null, $"{DatasetName.HubPrefix}USER/NAME[/FOLDER][@REVISION]", "another name", "Check the spelling on the dataset's page.");
    }

    private static HubFile[] Choose(string name, string? folder, HubListing listing)
    {
        HubFile[] all = [.. listing.Files.Where(file => file.Path.EndsWith(ParquetLayout.Extension, StringComparison.OrdinalIgnoreCase))];
        HubFile[] chosen = [.. all.Where(file => folder is null || file.Path.StartsWith(folder + "/", StringComparison.Ordinal))];
        string place = DatasetName.HubPrefix + name;
        if (chosen.Length == 0)
        {
            throw new DataFormatException(
                place, null, "Parquet files",
                all.Length > 0
                    ? $"some in {string.Join(", ", ParquetLayout.FoldersOf(all.Select(file => file.Path)))}"
                    : $"{listing.Files.Count} other files",
                $"The Hub keeps most datasets as Parquet, too: {DatasetName.HubPrefix}{name.Split('@')[0]}@{ConvertedRevision}.");
        }

        if (listing.FaultOf(chosen, MaxBytes) is { } fault)
        {
            throw new DataFormatException(place, null, "a listing of files of a dataset", fault, "Don't trust this repository.");
        }

        return ParquetLayout.FoldersOf(chosen.Select(file => file.Path)) is { Count: > 1 } folders
            ? throw new DataFormatException(
                place, null, "the files of one dataset", $"those of {string.Join(", ", folders)}", $"Name the folder: {DatasetName.HubPrefix}USER/NAME/FOLDER.")
            : [.. chosen.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }
}
