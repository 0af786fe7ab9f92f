using Inkling.Data.Downloads;
using Inkling.Data.Folders;
using Inkling.Data.Idx;
using Inkling.Data.Parquet;
using Inkling.Imaging;

namespace Inkling.Data.Sources;

/// <summary>Finds a dataset by what a user calls it.</summary>
public static class Datasets
{
    /// <summary>Every kind of source, in the order they are asked. A new kind is one line here and one file.</summary>
    private static readonly DatasetSource[] Sources =
    [
        new("'mnist'", name => name == MnistSource.Name, (_, _) => MnistSource.Load()),
        .. DatasetDownload.All.Select(dataset => new DatasetSource(
            $"'{dataset.Name}'", name => name == dataset.Name, (_, options) => DownloadedSource.Load(dataset, options))),
        new($"{DatasetName.HubPrefix}USER/NAME[@REV]", name => name.StartsWith(DatasetName.HubPrefix, StringComparison.Ordinal), LoadFromHub),
        new("a Parquet file or a folder of them", ParquetSource.Accepts, ParquetSource.Load),
        new("a folder of IDX files", IdxFolderSource.Accepts, (folder, _) => IdxFolderSource.Load(folder)),
        new("a folder with a folder of pictures for each class", ClassFolderSource.Accepts, ClassFolderSource.Load),

        // Neither: the message says which files are missed.
        new("", Directory.Exists, (folder, _) => IdxFolderSource.Load(folder)),
    ];

    /// <summary>How users name datasets, for help texts and messages.</summary>
    public static string Forms { get; } = string.Join(" or ", Sources.Select(source => source.Form).Where(form => form.Length > 0));

    /// <summary>Loads the training images of a dataset, and seals its test images unread.</summary>
    /// <param name="nameOrPath">A known name, <c>hf:USER/NAME[/FOLDER][@REV]</c>, or a file or folder. A name wins over a folder of that
    /// name.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="DataFormatException">Nothing is known by that name, or a file is not what it claims to be.</exception>
    /// <exception cref="ImageFormatException">A picture can't be decoded.</exception>
    public static ImageDataset Load(string nameOrPath, DatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        DatasetSource source = Array.Find(Sources, source => source.Accepts(nameOrPath))
            ?? throw new DataFormatException(
                nameOrPath, null, Forms,
                File.Exists(nameOrPath) ? "a file" : "no such name or folder",
                "Check the spelling; a folder is given by its path.");
        options ??= new DatasetOptions();
        ImageDataset dataset = source.Load(nameOrPath, options);
        return options.Exclusions is { } exclusions ? exclusions.Apply(dataset) : dataset;
    }

    private static ImageDataset LoadFromHub(string name, DatasetOptions options)
    {
        IHubDatasetResolver hub = options.Hub ?? throw new DataFormatException(
            name, null, "a way to the Hub", "none", "Give DatasetOptions.Hub one: new HubDatasets(HubSettings.FromEnvironment).");
        return ParquetSource.Load(hub.Resolve(name[DatasetName.HubPrefix.Length..], options), options);
    }
}

/// <summary>One kind of place that datasets come from.</summary>
/// <param name="Form">How a user names such a dataset, for the message that lists what is known.</param>
/// <param name="Accepts">Whether what the user wrote is for this source. Reads no data.</param>
/// <param name="Load">Loads it.</param>
internal sealed record DatasetSource(string Form, Func<string, bool> Accepts, Func<string, DatasetOptions, ImageDataset> Load);
