using System.Text;

namespace Inkling.Serialization;

/// <summary>
/// Writes a file whole or not at all: into a sibling, flushed to the disk, then renamed over the old file.
/// </summary>
/// <remarks>Whatever stops the writing (full disk, cancellation), the previous file stays and the sibling goes.</remarks>
public static class AtomicFile
{
    /// <summary>Replaces <paramref name="path"/> by <paramref name="bytes"/>.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream =>
    {
        try
        {
            stream.Write(bytes.Span);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of EFBIG.
            throw new IOException($"{path}: {bytes.Length} bytes are more than a file may have here. Choose another output folder.", e);
        }
    });

    /// <summary>Replaces <paramref name="path"/> by <paramref name="text"/> in UTF-8 without a byte order mark.</summary>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Replaces <paramref name="path"/> by what <paramref name="write"/> puts into its stream.</summary>
    /// <exception cref="IOException">The folder is absent or the disk full; the previous file is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);

        string partial = $"{path}.partial-{Path.GetRandomFileName()}";
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
