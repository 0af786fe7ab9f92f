using Inkling.Serialization;

namespace Inkling.Hub;

/// <summary>
/// The cache of the official clients: what one of them has pulled, the others find.
/// </summary>
/// <remarks>
/// <c>blobs/HASH</c> holds contents, <c>snapshots/COMMIT/PATH</c> links to them, <c>refs/REVISION</c> says which commit a name
/// was last; <c>.locks</c> keeps two processes from writing one blob. Layout: the "Understand caching" page of the Hub's
/// documentation.
/// </remarks>
internal sealed class HubCache(HubSettings settings, HubRepository repository)
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    private string Root => Path.Combine(settings.CacheFolder, repository.CacheName);

    /// <summary>Where the files of a commit are.</summary>
    internal string Snapshot(string commit) => Path.Combine(Root, "snapshots", commit);

    /// <summary>The commit that a branch or tag was when it was last pulled.</summary>
    internal string? ReadRef(string revision)
    {
        string file = Path.Combine(Root, "refs", revision);
        string? commit = File.Exists(file) && new FileInfo(file).Length < 100 ? File.ReadAllText(file).Trim() : null;
        return commit is { Length: 40 } && commit.All(char.IsAsciiHexDigitLower) ? commit : null;
    }

    /// <summary>Remembers what a branch or tag is now.</summary>
    internal void WriteRef(string revision, string commit)
    {
        string file = Path.Combine(Root, "refs", revision);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, commit);
    }

    /// <summary>Which files of a commit were wanted and have been fetched; none if they weren't or aren't there any more.</summary>
    /// <param name="commit">The snapshot.</param>
    /// <param name="folder">What was asked for; null for the whole.</param>
    internal IReadOnlyList<string> ReadList(string commit, string? folder)
    {
        string[] files = File.Exists(ListOf(commit, folder)) ? File.ReadAllLines(ListOf(commit, folder)) : [];
        return files.All(file => HubListing.IsSafePath(file) && File.Exists(Path.Combine(Snapshot(commit), file))) ? files : [];
    }

    /// <summary>Remembers that files have been fetched. The official clients don't: a snapshot of theirs may lack any file.</summary>
    internal void WriteList(string commit, string? folder, IReadOnlyList<string> files)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ListOf(commit, folder))!);
        AtomicFile.Write(ListOf(commit, folder), string.Concat(files.Select(file => file + "\n")));
    }

    private string ListOf(string commit, string? folder) => Path.Combine(Root, ".inkling", commit, folder ?? "", "files.txt");

    /// <summary>Makes sure that a content is there and whole, then shows it in a snapshot.</summary>
    /// <param name="commit">The snapshot.</param>
    /// <param name="file">The file.</param>
    /// <param name="fetch">Writes the content to a path, going on after what is there; checks its hash.</param>
    /// <param name="cancellation">Ends it; what has been fetched stays for the next time.</param>
    internal async Task AddAsync(string commit, HubFile file, Func<string, Task> fetch, CancellationToken cancellation)
    {
        Tag();
        string blob = Path.Combine(Root, "blobs", file.ETag);
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        using (await LockAsync(file.ETag, cancellation).ConfigureAwait(false))
        {
            string shown = Path.Combine(Snapshot(commit), file.Path);
            string? present = new[] { blob, shown }.FirstOrDefault(File.Exists);
            if (present is null || !file.Is(FileHashes.Of(present)))
            {
                string incomplete = blob + ".incomplete";
                await fetch(incomplete).ConfigureAwait(false);
                File.Move(incomplete, blob, overwrite: true);
                present = blob;
            }

            if (present == blob)
            {
                Show(blob, shown);
            }
        }
    }

    private void Show(string blob, string shown)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(shown)!);
        string partial = $"{shown}.{Path.GetFileNameWithoutExtension(Path.GetRandomFileName())}.incomplete";
        try
        {
            if (settings.UsesSymlinks)
            {
                File.CreateSymbolicLink(partial, Path.GetRelativePath(Path.GetDirectoryName(shown)!, blob));
            }
            else
            {
                File.Copy(blob, partial);
            }
        }
        catch (Exception e) when (settings.UsesSymlinks && e is IOException or UnauthorizedAccessException)
        {
            // Not every system lets everybody link.
            File.Copy(blob, partial);
        }

        File.Move(partial, shown, overwrite: true);
    }

    private void Tag()
    {
        Directory.CreateDirectory(settings.CacheFolder);
        string tag = Path.Combine(settings.CacheFolder, "CACHEDIR.TAG");
        if (!File.Exists(tag))
        {
            AtomicFile.Write(tag, "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of files from the Hugging Face Hub.\n");
        }
    }

    /// <summary>The lock that Python's clients take too; on Unix both are <c>flock</c>.</summary>
    private async Task<FileStream> LockAsync(string etag, CancellationToken cancellation)
    {
        string file = Path.Combine(settings.CacheFolder, ".locks", repository.CacheName, etag + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(file))
            {
                await Task.Delay(LockPoll, cancellation).ConfigureAwait(false);
            }
        }
    }
}
