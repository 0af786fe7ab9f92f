using System.Globalization;
using Inkling.Serialization;

namespace Inkling.Training;

/// <summary>
/// Where an unfinished run keeps its checkpoints, for one process at a time. What makes a run go on after Ctrl-C, a
/// power cut or <c>kill -9</c>.
/// </summary>
/// <remarks>The two newest checkpoints are kept, so that one that the disk has damaged can be done without.</remarks>
public sealed class RunFolder : IDisposable
{
    private const string LockName = "lock";
    private const string Extension = ".checkpoint";
    private const int Kept = 2;

    private readonly FileStream _lock;

    private RunFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether a run can go on from here.</summary>
    public bool HasCheckpoints => CheckpointPaths().Any();

    /// <summary>Makes the folder or takes it over, and keeps every other process out until it is disposed of.</summary>
    /// <exception cref="ModelFormatException">Another process is training into it.</exception>
    /// <exception cref="IOException">The folder can't be made or written to.</exception>
    public static RunFolder Open(string path)
    {
        bool existed = Directory.Exists(path);
        Directory.CreateDirectory(path);
        string file = System.IO.Path.Combine(path, LockName);
        try
        {
            // The system gives such a lock back when the process ends, however it ends.
            return new RunFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (existed && File.Exists(file))
        {
            throw new ModelFormatException(
                path, "a folder that no other process is training into", "one in use", "Wait for the other run, or choose another output folder.", e);
        }
    }

    /// <summary>Keeps a checkpoint, flushed to the disk, and drops all but the newest.</summary>
    /// <param name="step">Steps taken so far.</param>
    /// <param name="checkpoint">Its bytes.</param>
    /// <exception cref="IOException">There is no space left; what was kept before is still there.</exception>
    internal void Save(int step, byte[] checkpoint)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"step-{step:D9}{Extension}");
        AtomicFile.Write(System.IO.Path.Combine(Path, name), checkpoint);
        foreach (string old in CheckpointPaths().Skip(Kept))
        {
            File.Delete(old);
        }
    }

    /// <summary>Full paths of the checkpoints, newest first.</summary>
    internal IEnumerable<string> CheckpointPaths() =>
        Directory.EnumerateFiles(Path, "step-*" + Extension).OrderDescending(StringComparer.Ordinal);

    /// <summary>Removes all checkpoints and what interrupted writers have left.</summary>
    public void Clear()
    {
        foreach (string file in Directory.EnumerateFiles(Path).Where(file => System.IO.Path.GetFileName(file) != LockName))
        {
            File.Delete(file);
        }
    }

    /// <summary>Lets other processes in; removes the folder if it holds no checkpoint.</summary>
    public void Dispose()
    {
        if (!_lock.SafeFileHandle.IsClosed && !HasCheckpoints)
        {
            // Before the lock is given back, so that no other process can be inside.
            Directory.Delete(Path, recursive: true);
        }

        _lock.Dispose();
    }
}
