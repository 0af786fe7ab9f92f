using Inkling.Hub;
using Inkling.Publishing;
using Inkling.Serialization;

namespace Inkling.Space;

/// <summary>Publishes a page on which people try a package's model.</summary>
/// <param name="settings">Where to and who.</param>
public sealed class SpacePublisher(HubSettings settings)
{
    /// <summary>Publishes a static Space of the same name, where people draw and the package's model reads.</summary>
    /// <param name="folder">The package.</param>
    /// <param name="publication">Where to and how.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends it; the repository stays as it was.</param>
    /// <exception cref="ModelFormatException">
    /// The package must not be published as it is, its model doesn't read drawings of digits, or it has no ONNX file.
    /// </exception>
    /// <exception cref="HubException">The Hub refuses or can't be reached; the repository is as it was.</exception>
    public async Task<PublicationResult> PublishAsync(
        string folder, Publication publication, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(publication);
        new PackagePublisher(settings).EnsurePublishable(folder);
        SpacePage.Check(folder);
        DirectoryInfo page = Directory.CreateTempSubdirectory("inkling-space-");
        try
        {
            HubRepository model = publication.Repository;
            PublishedFolder files = SpacePage.Write(folder, model, new Uri(settings.Endpoint, model.WebPath), page.FullName);
            var space = publication with { Repository = new HubRepository(HubRepositoryType.Space, model.Id) };
            return await new FolderPublisher(settings).PublishAsync(files, space, progress, cancellation).ConfigureAwait(false);
        }
        finally
        {
            page.Delete(recursive: true);
        }
    }
}
