using Inkling.Packages;
using Inkling.Serialization;

namespace Inkling.Publishing.Files;

/// <summary>
/// A package in the making: written in a sibling folder, put in place only when it is whole.
/// </summary>
/// <remarks>
/// The target may be absent, empty, or a package of ours; a folder with anything else, a file or a link is refused.
/// <see cref="Commit"/> replaces the package's own files (<see cref="PackageFiles.All"/>) and leaves all others alone.
/// Until then, and whenever it fails, what was there before stays as it was.
/// </remarks>
public sealed class PackageFolder : IDisposable
{
    private PackageFolder(string path, string stagingPath)
    {
        Path = path;
        StagingPath = stagingPath;
    }

    /// <summary>Full path of the package-to-be.</summary>
    public string Path { get; }

    /// <summary>Full path of the folder to write into; gone after <see cref="Commit"/> or <see cref="Dispose"/>.</summary>
    public string StagingPath { get; }

    /// <summary>The sibling of a package-to-be where its unfinished run lives.</summary>
    public static string RunFolderOf(string path) => FullPath(path) + ".run";

    /// <summary>Checks the target and makes the folder to write into.</summary>
    /// <exception cref="ModelFormatException">The target exists and isn't ours to replace.</exception>
    /// <exception cref="IOException">The folder beside it can't be made.</exception>
    public static PackageFolder Stage(string path)
    {
        string target = FullPath(path);
        EnsureReplaceable(target);

        string staging = Sibling(target, "partial");
        Directory.CreateDirectory(staging);
        return new PackageFolder(target, staging);
    }

    /// <summary>The full path of a staged file; its folder is made.</summary>
    /// <param name="name">One of <see cref="PackageFiles.All"/>.</param>
    public string StagedFile(string name)
    {
        string file = System.IO.Path.Combine(StagingPath, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        return file;
    }

    /// <summary>Puts the staged files in place, <see cref="PackageFiles.Lock"/> last.</summary>
    /// <exception cref="ModelFormatException">Something else has taken the target meanwhile.</exception>
    /// <exception cref="IOException">A file couldn't be moved; the previous package is back in place.</exception>
    public void Commit()
    {
        EnsureReplaceable(Path);
        if (!Directory.Exists(Path))
        {
            Directory.Move(StagingPath, Path);
            return;
        }

        string previous = Sibling(Path, "previous");
        var undo = new Stack<Action>();
        try
        {
            foreach (string name in PackageFiles.All)
            {
                Move(Path, previous, name, undo);
                Move(StagingPath, Path, name, undo);
            }
        }
        catch
        {
            while (undo.TryPop(out Action? moveBack))
            {
                moveBack();
            }

            DeleteIfThere(previous);
            throw;
        }

        DeleteIfThere(previous);
        DeleteIfThere(StagingPath);
    }

    /// <summary>Removes the staged files, unless they have been committed.</summary>
    public void Dispose() => DeleteIfThere(StagingPath);

    /// <summary>Whether a package may be written there; worth asking before a long run.</summary>
    /// <exception cref="ModelFormatException">The target exists and isn't ours to replace.</exception>
    public static void EnsureReplaceable(string path)
    {
        string target = FullPath(path);
        var folder = new DirectoryInfo(target);
        string? fault =
            folder.Parent is null ? "the root folder"
            : folder.LinkTarget is not null ? "a link"
            : File.Exists(target) ? "a file"
            : !folder.Exists ? FileAbove(folder)
            : folder.EnumerateDirectories().FirstOrDefault(IsOurLink) is { } link ? $"a link inside it ({link.Name})"
            : !folder.EnumerateFileSystemInfos().Any() || File.Exists(System.IO.Path.Combine(target, PackageFiles.Lock)) ? null
            : $"a folder with other files and no {PackageFiles.Lock}";
        if (fault is not null)
        {
            throw new ModelFormatException(
                target, "an absent or empty folder, or a package of Inkling", fault, "Choose another output folder.");
        }

        if (File.Exists(System.IO.Path.Combine(target, PackageFiles.Lock)))
        {
            // Its reader is the judge of whether that file is a lock and not something else of the same name.
            PackageLock.Read(System.IO.Path.Combine(target, PackageFiles.Lock));
        }

        // A move through such a link would leave the package.
        static bool IsOurLink(DirectoryInfo entry) =>
            entry.LinkTarget is not null && PackageFiles.All.Any(name => name.StartsWith(entry.Name + "/", StringComparison.Ordinal));
    }

    private static string? FileAbove(DirectoryInfo absent)
    {
        DirectoryInfo? parent = absent.Parent;
        while (parent is { Exists: false } && !File.Exists(parent.FullName))
        {
            parent = parent.Parent;
        }

        return parent is { Exists: false } ? $"a file above it ({parent.FullName})" : null;
    }

    private static void Move(string fromFolder, string toFolder, string name, Stack<Action> undo)
    {
        string from = System.IO.Path.Combine(fromFolder, name);
        string to = System.IO.Path.Combine(toFolder, name);
        if (File.Exists(from))
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.Move(from, to);
            undo.Push(() => File.Move(to, from));
        }
    }

    private static string FullPath(string path) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    private static string Sibling(string target, string purpose) =>
        $"{target}.{purpose}-{System.IO.Path.GetFileNameWithoutExtension(System.IO.Path.GetRandomFileName())}";

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
