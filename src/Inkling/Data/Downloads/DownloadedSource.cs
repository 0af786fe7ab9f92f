using System.IO.Compression;
using Inkling.Data.Idx;

namespace Inkling.Data.Downloads;

/// <summary>Loads a dataset that is known by name: from the system's package if it is installed, or from the cache.</summary>
internal static class DownloadedSource
{
    private static readonly HttpMessageHandler Handler = new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(20),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>Loads it, fetching what is missing.</summary>
    /// <exception cref="DataFormatException">It can't be fetched, or a file isn't the published one.</exception>
    public static ImageDataset Load(DatasetDownload dataset, DatasetOptions options) =>
        Load(dataset, options, new FileDownloader(Handler, TimeProvider.System, options.Report));

    internal static ImageDataset Load(DatasetDownload dataset, DatasetOptions options, FileDownloader downloader)
    {
        string cache = Path.Combine(options.CacheFolder ?? DatasetCache.DefaultFolder, "datasets", dataset.Name);
        string? local = dataset.LocalFolder is { } folder && Directory.Exists(folder) ? folder : null;
        string Fetch(RemoteFile file) => local is null
            ? downloader.Fetch(file, cache, options.Offline)
            : Path.Combine(local, file.Name);
        if (dataset.Archive is { } archive)
        {
            string zip = Fetch(dataset.Files[0]);
            return Create(dataset, part => ReadArchive(dataset, archive, zip, part == "t10k" ? "test" : part));
        }

        return Create(dataset, part => ReadFiles(dataset, local is not null, part, Fetch));
    }

    private static ImageDataset Create(DatasetDownload dataset, Func<string, ImageSet> read) =>
        new(dataset.Name, dataset.ClassNames, read("train"), () => read("t10k"));

    private static ImageSet ReadFiles(DatasetDownload dataset, bool isRepacked, string part, Func<RemoteFile, string> fetch)
    {
        RemoteFile[] files = [.. dataset.Files.Where(file => file.Name.StartsWith(part, StringComparison.Ordinal))];
        IdxFile[] idx = [.. files.Select(file => Describe(file, fetch(file)))];
        ImageSet images = IdxImages.Read(
            Array.Find(idx, file => file.Name.Contains("images", StringComparison.Ordinal))!,
            Array.Find(idx, file => file.Name.Contains("labels", StringComparison.Ordinal))!, dataset.ClassNames.Count);

        // What a package has compressed anew is known by what it decompresses to.
        foreach ((RemoteFile file, IdxFile described) in files.Zip(idx))
        {
            if (isRepacked && images.FileHashes[described.Name] != file.RawSha256)
            {
                throw new DataFormatException(
                    described.Path, null, $"decompressed SHA-256 {file.RawSha256}", images.FileHashes[described.Name], "Reinstall the package.");
            }
        }

        return images;
    }

    private static IdxFile Describe(RemoteFile file, string path) =>
        new(Path.GetFileNameWithoutExtension(file.Name), path, () => File.OpenRead(path));

    private static ImageSet ReadArchive(DatasetDownload dataset, IdxArchive archive, string zip, string part)
    {
        IdxFile Entry(string kind)
        {
            string name = $"{archive.Prefix}{part}-{kind}-ubyte.gz";
            return new IdxFile(Path.GetFileNameWithoutExtension(name), $"{zip}!{name}", () => OpenEntry(zip, name));
        }

        ImageSet images = IdxImages.Read(Entry("images-idx3"), Entry("labels-idx1"), dataset.ClassNames.Count);
        return archive.IsTransposed ? Transposed(images) : images;
    }

    private static MemoryStream OpenEntry(string path, string name)
    {
        using FileStream file = File.OpenRead(path);
        using var zip = new ZipArchive(file);
        ZipArchiveEntry entry = zip.GetEntry(name)
            ?? throw new DataFormatException(path, null, $"an entry {name}", "none", "Fetch the file again.");

        // The archive's own hash has been checked, so its lengths can be believed.
        var content = new MemoryStream((int)entry.Length);
        using Stream compressed = entry.Open();
        compressed.CopyTo(content);
        content.Position = 0;
        return content;
    }

    private static ImageSet Transposed(ImageSet images)
    {
        byte[] pixels = new byte[images.Pixels.Length];
        for (int i = 0; i < images.Count; i++)
        {
            ReadOnlySpan<byte> image = images.Image(i);
            for (int y = 0; y < images.Height; y++)
            {
                for (int x = 0; x < images.Width; x++)
                {
                    pixels[i * images.ImageLength + x * images.Height + y] = image[y * images.Width + x];
                }
            }
        }

        return new ImageSet(1, images.Width, images.Height, images.ClassCount, pixels, images.Labels.ToArray(), images.FileHashes);
    }
}
