using Inkling.Hub;
using Inkling.Packages;
using Inkling.Publishing.Card;
using Inkling.Serialization;

namespace Inkling.Publishing;

/// <summary>Publishes packages on the Hub: everything is checked before the first byte is sent.</summary>
/// <param name="settings">Where to and who.</param>
public sealed class PackagePublisher(HubSettings settings)
{
    /// <summary>Publishes a package. A card that nobody has edited is sent under the repository's name.</summary>
    /// <param name="folder">The package.</param>
    /// <param name="publication">Where to and how.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends it; the repository stays as it was.</param>
    /// <exception cref="ModelFormatException">The package must not be published as it is; nothing was sent.</exception>
    /// <exception cref="HubException">The Hub refuses or can't be reached; the repository is as it was.</exception>
    public async Task<PublicationResult> PublishAsync(
        string folder, Publication publication, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(publication);
        EnsurePublishable(folder);
        DirectoryInfo named = Directory.CreateTempSubdirectory("inkling-card-");
        try
        {
            PublishedFolder files = Named(folder, publication.Repository, named.FullName);
            return await new FolderPublisher(settings).PublishAsync(files, publication, progress, cancellation).ConfigureAwait(false);
        }
        finally
        {
            named.Delete(recursive: true);
        }
    }

    /// <summary>Looks through a package for what must not be published.</summary>
    /// <param name="folder">The package.</param>
    /// <exception cref="ModelFormatException">It is no sound package, or must not be published as it is: all faults at once.</exception>
    public void EnsurePublishable(string folder) => PublicationFaults.Check(folder, settings.Token);

    /// <summary>The package's files; after the check there is nothing else in it.</summary>
    private static PublishedFolder Named(string folder, HubRepository repository, string target)
    {
        string card = Path.Combine(target, PackageFiles.Card);
        bool isGenerated = ModelCard.IsGenerated(folder);
        if (isGenerated)
        {
            AtomicFile.Write(card, ModelCard.Create(folder, repository.Id));
        }

        return new PublishedFolder(
            [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => (Path: Path.GetRelativePath(folder, file).Replace('\\', '/'), Source: file))
                .Select(file => isGenerated && file.Path == PackageFiles.Card ? file with { Source = card } : file)
                .OrderBy(file => file.Path, StringComparer.Ordinal)],
            PackageFiles.All,
            PackageFiles.Lock);
    }
}
