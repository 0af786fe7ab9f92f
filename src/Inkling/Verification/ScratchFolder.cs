namespace Inkling.Verification;

/// <summary>A folder for a rebuild, gone when it is over.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inkling-verify-");

    /// <summary>The full path of something in it.</summary>
    internal string this[string name] => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
