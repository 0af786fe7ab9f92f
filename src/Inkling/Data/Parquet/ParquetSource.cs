using Inkling.Data.Pictures;

namespace Inkling.Data.Parquet;

/// <summary>
/// A Parquet file, or a folder of them, in the layout of the Hub's image datasets: an image column of file bytes and a
/// label column whose class names stand in the file's <c>huggingface</c> metadata.
/// </summary>
internal static class ParquetSource
{

    /// <summary>Whether it is such a file, or a folder that holds one.</summary>
    public static bool Accepts(string path) => File.Exists(path)
        ? path.EndsWith(ParquetLayout.Extension, StringComparison.OrdinalIgnoreCase)
        : Directory.Exists(path) && FilesUnder(path).Any();

    /// <summary>Loads it.</summary>
    /// <exception cref="DataFormatException">A file isn't Parquet, lacks a column, or its labels disagree with its classes.</exception>
    public static ImageDataset Load(string path, DatasetOptions options)
    {
        string root = File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return Load(name, root, File.Exists(path) ? [path] : [.. FilesUnder(path)], options);
    }

    /// <summary>Loads files of the Hub's.</summary>
    /// <exception cref="DataFormatException">As for files of one's own.</exception>
    public static ImageDataset Load(HubDatasetFiles files, DatasetOptions options) =>
        Load(DatasetName.HubPrefix + files.Name, files.Folder, [.. files.Files.Select(file => Path.Combine(files.Folder, file))], options);

    private static ImageDataset Load(string name, string root, string[] paths, DatasetOptions options)
    {
        if (ParquetLayout.FoldersOf(paths.Select(path => NameOf(root, path))) is { Count: > 1 } folders)
        {
            throw new DataFormatException(
                name, null, "the files of one dataset", $"those of {string.Join(", ", folders)}", "Name one of these folders.");
        }

        ParquetImageFile[] files = [.. paths.Select(path => ParquetImageFile.Open(path, NameOf(root, path)))];
        ParquetImageFile? other = Array.Find(files, file => !file.ClassNames.SequenceEqual(files[0].ClassNames));
        if (other is not null)
        {
            throw new DataFormatException(
                other.Path, null, $"the classes of {files[0].Path}", string.Join(", ", other.ClassNames.Take(5)), "Keep one dataset to a folder.");
        }

        ILookup<string, ParquetImageFile> parts = files.ToLookup(file => ParquetLayout.SplitOf(file.Name));
        if (!parts.Contains("train"))
        {
            throw new DataFormatException(
                name, null, $"a file train-….parquet", string.Join(", ", files.Select(file => file.Name)), "Add the training part.");
        }

        PictureSource? Part(string part) => parts.Contains(part)
            ? new PictureSource(part, () => parts[part].SelectMany(file => file.Read()), [])
            : null;
        return new PictureDataset(name, files[0].ClassNames, Part("train")!, Part("validation"), Part("test")).Load(options);
    }

    private static IEnumerable<string> FilesUnder(string folder) =>
        Directory.EnumerateFiles(
            folder, "*" + ParquetLayout.Extension, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })
            .Order(StringComparer.Ordinal);

    private static string NameOf(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');
}
