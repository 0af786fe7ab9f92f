using Inkling.Imaging;

namespace Inkling.Data.Folders;

/// <summary>All files under a folder, in ordinal order of their names whatever order the file system gives.</summary>
internal sealed class FolderWalk
{
    /// <summary>Of the pictures that can be decoded.</summary>
    public static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".webp"];

    private static readonly string[] SystemFiles = ["thumbs.db", "desktop.ini"];

    private readonly List<(string Name, string Path)> _pictures = [];
    private readonly List<string> _others = [];
    private readonly Stack<string> _open = [];

    private FolderWalk()
    {
    }

    /// <summary>Files with the extension of a picture: name within the dataset, and path.</summary>
    public IReadOnlyList<(string Name, string Path)> Pictures => _pictures;

    /// <summary>Names of the others, but for hidden files and those that file managers leave.</summary>
    public IReadOnlyList<string> Others => _others;

    /// <summary>Walks a folder and what lies under it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="prefix">What names begin with.</param>
    /// <exception cref="DataFormatException">Links lead in a circle, or a folder can't be read.</exception>
    public static FolderWalk Of(string folder, string prefix)
    {
        var walk = new FolderWalk();
        walk.Enter(folder, prefix);
        return walk;
    }

    public static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');

    /// <summary>Turns the system's refusals into errors of the data.</summary>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataFormatException(path, null, "permission to read", "none", "Change its permissions.", e);
        }
        catch (IOException e)
        {
            throw new DataFormatException(path, null, "something readable", e.Message, "Check the disk and the links.", e);
        }
    }

    private void Enter(string folder, string prefix)
    {
        string real = Guard(folder, () => RealPath(folder));
        if (_open.Contains(real))
        {
            throw new DataFormatException(
                folder, null, "folders inside each other", $"a link back to {real}", "Remove the link: it leads in a circle.");
        }

        _open.Push(real);
        FileSystemInfo[] entries = Guard(folder, () => new DirectoryInfo(folder).GetFileSystemInfos());
        foreach (FileSystemInfo entry in entries.Where(entry => !IsHidden(entry.FullName))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (Guard(entry.FullName, () => Directory.Exists(entry.FullName)))
            {
                Enter(Path.Combine(folder, entry.Name), $"{prefix}{entry.Name}/");
            }
            else if (Extensions.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase))
            {
                _pictures.Add(($"{prefix}{entry.Name}", Path.Combine(folder, entry.Name)));
            }
            else if (!SystemFiles.Contains(entry.Name, StringComparer.OrdinalIgnoreCase))
            {
                _others.Add($"{prefix}{entry.Name}");
            }
        }

        _open.Pop();
    }

    private static string RealPath(string folder) =>
        Path.TrimEndingDirectorySeparator(
            new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder));
}

/// <summary>Reads a picture's file whole.</summary>
internal static class PictureFile
{
    /// <exception cref="DataFormatException">It can't be read.</exception>
    /// <exception cref="ImageFormatException">It is far larger than a picture.</exception>
    public static byte[] Read(string path) => FolderWalk.Guard(path, () =>
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);

        // One byte more than is allowed is enough for the decoder to refuse it.
        byte[] bytes = new byte[Math.Min(file.Length, ImageDecoder.MaxFileBytes + 1)];
        file.ReadExactly(bytes);
        return bytes;
    });
}
