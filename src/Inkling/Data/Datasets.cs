using Inkling.Data.Idx;

namespace Inkling.Data;

/// <summary>Finds a dataset by what a user calls it.</summary>
public static class Datasets
{
    /// <summary>Every kind of source, in the order they are asked. A new kind is one line here and one file.</summary>
    private static readonly DatasetSource[] Sources =
    [
        new("'mnist'", name => name == MnistSource.Name, _ => MnistSource.Load()),
        new("a folder of IDX files", Directory.Exists, IdxFolderSource.Load),
    ];

    /// <summary>Loads the training images of a dataset, and seals its test images unread.</summary>
    /// <param name="nameOrFolder"><c>mnist</c>, or a folder with IDX files. A name wins over a folder of that name.</param>
    /// <exception cref="DataFormatException">Nothing is known by that name, or a file is not what it claims to be.</exception>
    public static ImageDataset Load(string nameOrFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrFolder);
        DatasetSource source = Array.Find(Sources, source => source.Accepts(nameOrFolder))
            ?? throw new DataFormatException(
                nameOrFolder, null, string.Join(" or ", Sources.Select(source => source.Form)),
                File.Exists(nameOrFolder) ? "a file" : "no such name or folder",
                "Check the spelling; a folder is given by its path.");
        return source.Load(nameOrFolder);
    }
}

/// <summary>One kind of place that datasets come from.</summary>
/// <param name="Form">How a user names such a dataset, for the message that lists what is known.</param>
/// <param name="Accepts">Whether what the user wrote is for this source. Reads no data.</param>
/// <param name="Load">Loads it.</param>
internal sealed record DatasetSource(string Form, Func<string, bool> Accepts, Func<string, ImageDataset> Load);
