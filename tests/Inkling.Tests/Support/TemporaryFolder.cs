namespace Inkling.Tests.Support;

/// <summary>A folder that lives as long as a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("inkling-test-");

    /// <summary>Full path of something in the folder.</summary>
    public string this[string name] => Path.Combine(folder.FullName, name);

    /// <summary>Names of all that is directly in the folder.</summary>
    public IEnumerable<string> Names => folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal);

    public void Dispose() => folder.Delete(recursive: true);
}
