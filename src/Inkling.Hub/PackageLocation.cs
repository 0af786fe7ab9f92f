using Inkling.Packages;
using Inkling.Serialization;

namespace Inkling.Hub;

/// <summary>Where a package is that somebody has named.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Pulled">How it came, if it is in the cache of the Hub; null if it is anywhere else.</param>
public sealed record PackageLocation(string Folder, PulledPackage? Pulled)
{
    /// <summary>Whether the folder is the user's to write to: neither the cache's nor the product's own.</summary>
    public bool MayWrite => Pulled is null && Folder != ShippedModel.Folder;

    /// <summary>Finds a package by its name; what isn't there yet is fetched.</summary>
    /// <param name="package">
    /// A folder, which wins if it exists, <see cref="ShippedModel.Name"/> or <c>USER/NAME[@REV]</c>. Anything else is taken for a folder.
    /// </param>
    /// <param name="settings">Asked for only if the Hub is needed.</param>
    /// <param name="progress">Told of every block; null for nobody.</param>
    /// <param name="cancellation">Ends the fetching.</param>
    /// <exception cref="HubException">The Hub refuses or can't be reached.</exception>
    /// <exception cref="ModelFormatException">The Hub has it, but it isn't a package of Inkling.</exception>
    public static async Task<PackageLocation> FindAsync(
        string package, Func<HubSettings> settings, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(settings);
        if (Path.Exists(package) || HubReference.Parse(package) is not { } reference)
        {
            return new PackageLocation(ShippedModel.Resolve(package), null);
        }

        try
        {
            PulledPackage pulled = await new PackagePull(settings()).FindAsync(reference, progress, cancellation).ConfigureAwait(false);
            return new PackageLocation(pulled.Folder, pulled);
        }
        catch (HubException e) when (e.Status is null or 401 or 404)
        {
            // Whoever mistyped a folder should hear of it.
            throw new HubException($"{package}: no such folder here; on the Hub: {e.Message}", e)
            {
                Status = e.Status, RequestId = e.RequestId, ErrorCode = e.ErrorCode,
            };
        }
    }
}
