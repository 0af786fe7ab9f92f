using Inkling.Data.Pictures;

namespace Inkling.Data.Folders;

/// <summary>
/// A folder with one folder of pictures for each class, whose name is the class's; perhaps under <c>train</c>,
/// <c>validation</c> and <c>test</c>.
/// </summary>
internal static class ClassFolderSource
{
    private const string TrainFolder = "train";

    private static readonly string[] ValidationFolders = ["validation", "val", "valid"];

    /// <summary>Whether the folder holds folders.</summary>
    public static bool Accepts(string folder) =>
        Directory.Exists(folder) && FolderWalk.Guard(folder, () => Directory.GetDirectories(folder)).Any(
            path => !FolderWalk.IsHidden(path));

    /// <summary>Loads it.</summary>
    /// <exception cref="DataFormatException">A class has no picture, folders lead in a circle, or something can't be read.</exception>
    public static ImageDataset Load(string folder, DatasetOptions options)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        string[] parts = SubfolderNames(folder);
        string? validation = FindValidation(folder, parts);
        string? test = parts.Contains("test") ? "test" : null;
        if (!parts.Contains(TrainFolder))
        {
            return LoadFlat(folder, name, parts, options);
        }

        string[] classes = SubfolderNames(Path.Combine(folder, TrainFolder));
        PictureSource Part(string part) => Source(folder, part, classes, part == TrainFolder);
        return new PictureDataset(
            name, classes, Part(TrainFolder), validation is null ? null : Part(validation), test is null ? null : Part(test)).Load(options);
    }

    private static ImageDataset LoadFlat(string folder, string name, string[] parts, DatasetOptions options)
    {
        if (parts.Length > 0 && parts.All(part => part == "test" || ValidationFolders.Contains(part)))
        {
            throw new DataFormatException(
                folder, null, $"a folder {TrainFolder} beside {parts[0]}", "none", "Name the folder to learn from train, or drop the level.");
        }

        return new PictureDataset(name, parts, Source(folder, "", parts, isTrain: true), null, null).Load(options);
    }

    private static string? FindValidation(string folder, string[] parts)
    {
        string[] found = [.. ValidationFolders.Where(parts.Contains)];
        return found.Length <= 1 || !parts.Contains(TrainFolder)
            ? found.FirstOrDefault()
            : throw new DataFormatException(
                folder, null, "one folder of validation pictures", string.Join(" and ", found), "Remove or rename all but one of them.");
    }

    private static PictureSource Source(string root, string part, string[] classes, bool isTrain)
    {
        string folder = Path.Combine(root, part);
        string prefix = part.Length == 0 ? "" : part + "/";
        string[] unknown = [.. SubfolderNames(folder).Except(classes)];
        if (unknown.Length > 0)
        {
            throw new DataFormatException(
                folder, null, $"classes of {TrainFolder}", unknown[0], $"Give {TrainFolder} a folder of that name, or remove this one.");
        }

        var files = new List<(string Name, string Path, int Label)>();
        var ignored = new List<string>();
        for (int label = 0; label < classes.Length; label++)
        {
            string classFolder = Path.Combine(folder, classes[label]);
            int before = files.Count;
            if (Directory.Exists(classFolder))
            {
                FolderWalk walk = FolderWalk.Of(classFolder, $"{prefix}{classes[label]}/");
                files.AddRange(walk.Pictures.Select(file => (file.Name, file.Path, label)));
                ignored.AddRange(walk.Others);
            }

            if (files.Count == before && isTrain)
            {
                throw new DataFormatException(
                    classFolder, null, $"at least one picture ({string.Join(", ", FolderWalk.Extensions)})", "none",
                    "Remove the folder, or put the class's pictures into it.");
            }
        }

        return new PictureSource(
            prefix.Length == 0 ? "pictures" : prefix.TrimEnd('/'),
            () => files.Select(file => new EncodedPicture(file.Name, file.Path, file.Label, PictureFile.Read(file.Path))),
            ignored);
    }

    /// <summary>Visible folders in ordinal order, which is the order of the labels.</summary>
    private static string[] SubfolderNames(string folder)
    {
        string[] names =
        [
            .. FolderWalk.Guard(folder, () => Directory.GetDirectories(folder))
                .Where(path => !FolderWalk.IsHidden(path))
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];
        string? twice = names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1)?.First();
        return twice is null
            ? names
            : throw new DataFormatException(
                folder, null, "names that differ in more than case", $"{twice} twice", "Other systems can't tell them apart: rename one.");
    }
}
