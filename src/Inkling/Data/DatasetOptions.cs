using Inkling.Data.Downloads;
using Inkling.Data.Pictures;
using Inkling.Engine;

namespace Inkling.Data;

/// <summary>How a dataset is to be loaded.</summary>
public sealed record DatasetOptions
{
    /// <summary>
    /// The network's input, for pictures that need not have one size: grey or colour as it says, and its size for those that
    /// differ or are larger. Null keeps what the pictures have, reduced to <see cref="PictureFit.MaxSide"/> pixels.
    /// </summary>
    public Shape? Fit { get; init; }

    /// <summary>Images to leave out of the training part; null for none.</summary>
    public ExclusionList? Exclusions { get; init; }

    /// <summary>
    /// Leave out pictures that can't be decoded, and name them in <see cref="ImageOrigin.Unreadable"/>, instead of stopping at the first.
    /// </summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>Never use the network.</summary>
    public bool Offline { get; init; }

    /// <summary>Where downloads are kept; null for <see cref="DatasetCache.DefaultFolder"/>.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Is told of the progress of downloads, a line at a time.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>Finds the files of <c>hf:USER/NAME</c>; null if there is no way to the Hub.</summary>
    public IHubDatasetResolver? Hub { get; init; }
}

/// <summary>Brings the Parquet files of a dataset on the Hub to this machine.</summary>
public interface IHubDatasetResolver
{
    /// <summary>Fetches what is missing.</summary>
    /// <param name="name"><c>USER/NAME[/FOLDER][@REVISION]</c>.</param>
    /// <param name="options">Whether the network may be used, and who is told.</param>
    /// <exception cref="DataFormatException">It has no such files, or several datasets.</exception>
    HubDatasetFiles Resolve(string name, DatasetOptions options);
}

/// <summary>Parquet files of one state of a dataset on the Hub.</summary>
/// <param name="Name">What it is called with the state that it is: <c>USER/NAME[/FOLDER]@COMMIT</c>.</param>
/// <param name="Folder">Where they are.</param>
/// <param name="Files">Their paths below it, as on the Hub.</param>
public sealed record HubDatasetFiles(string Name, string Folder, IReadOnlyList<string> Files);
