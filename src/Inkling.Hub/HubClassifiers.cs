using Inkling.Hub;

namespace Inkling;

/// <summary>Opens classifiers that are on the Hugging Face Hub.</summary>
public static class HubClassifiers
{
    extension(ImageClassifier)
    {
        /// <summary>Opens a package folder, or a package of the Hugging Face Hub, which is fetched unless the cache has it.</summary>
        /// <param name="package">A folder, which wins if it exists, <c>default</c>, or <c>USER/NAME[@REV]</c>.</param>
        /// <param name="settings">Where the Hub is and who asks; null for what the official clients' environment variables say.</param>
        /// <param name="cancellation">Ends the fetching; what has been fetched stays for the next time.</param>
        /// <exception cref="Serialization.ModelFormatException">It isn't a sound package.</exception>
        /// <exception cref="HubException">The Hub refuses or can't be reached.</exception>
        public static async Task<ImageClassifier> LoadAsync(
            string package, HubSettings? settings = null, CancellationToken cancellation = default)
        {
            PackageLocation location = await PackageLocation.FindAsync(
                package, () => settings ?? HubSettings.FromEnvironment(), progress: null, cancellation).ConfigureAwait(false);
            return ImageClassifier.Load(location.Folder);
        }
    }
}
