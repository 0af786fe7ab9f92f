using Inkling.Data.Pictures;

namespace Inkling.Data.Parquet;

/// <summary>
/// A Parquet file, or a folder of them, in the layout of the Hub's image datasets: an image column of file bytes and a
/// label column whose class names stand in the file's <c>huggingface</c> metadata.
/// </summary>
/// <remarks>
/// The split of a file is the start of its name, or of its folder's: <c>train-00000-of-00002.parquet</c>,
/// <c>data/test/0.parquet</c>; a file that names none is training data.
/// </remarks>
internal static class ParquetSource
{
    private const string Extension = ".parquet";
    private static readonly string[] Validation = ["validation", "valid", "val", "dev"];

    /// <summary>Whether it is such a file, or a folder that holds one.</summary>
    public static bool Accepts(string path) => File.Exists(path)
        ? path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
        : Directory.Exists(path) && FilesUnder(path).Any();

    /// <summary>Loads it.</summary>
    /// <exception cref="DataFormatException">A file isn't Parquet, lacks a column, or its labels disagree with its classes.</exception>
    public static ImageDataset Load(string path, DatasetOptions options)
    {
        string root = File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return Load(name, root, File.Exists(path) ? [path] : [.. FilesUnder(path)], options);
    }

    /// <summary>Loads a folder of the Hub's.</summary>
    /// <param name="name">What locks and reports call it.</param>
    /// <param name="folder">Where its files are.</param>
    /// <param name="options">How.</param>
    public static ImageDataset Load(string name, string folder, DatasetOptions options) =>
        Load(name, folder, [.. FilesUnder(folder)], options);

    private static ImageDataset Load(string name, string root, string[] paths, DatasetOptions options)
    {
        ParquetImageFile[] files = [.. paths.Select(path => ParquetImageFile.Open(path, Path.GetRelativePath(root, path).Replace('\\', '/')))];
        ParquetImageFile? other = Array.Find(files, file => !file.ClassNames.SequenceEqual(files[0].ClassNames));
        if (other is not null)
        {
            throw new DataFormatException(
                other.Path, null, $"the classes of {files[0].Path}", string.Join(", ", other.ClassNames.Take(5)), "Keep one dataset to a folder.");
        }

        ILookup<string, ParquetImageFile> parts = files.ToLookup(file => SplitOf(file.Name));
        if (!parts.Contains("train"))
        {
            throw new DataFormatException(name, null, $"a file train-….parquet", string.Join(", ", files.Select(file => file.Name)), "Add the training part.");
        }

        PictureSource? Part(string part) => parts.Contains(part)
            ? new PictureSource(part, () => parts[part].SelectMany(file => file.Read()), [])
            : null;
        return new PictureDataset(name, files[0].ClassNames, Part("train")!, Part("validation"), Part("test")).Load(options);
    }

    private static IEnumerable<string> FilesUnder(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Extension, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })
            .Order(StringComparer.Ordinal);

    private static string SplitOf(string name)
    {
        foreach (string part in name.ToLowerInvariant().Split('/').Reverse())
        {
            string word = new([.. part.TakeWhile(char.IsAsciiLetter)]);
            if (word is "train" or "test")
            {
                return word;
            }

            if (Validation.Contains(word))
            {
                return "validation";
            }
        }

        return "train";
    }
}
