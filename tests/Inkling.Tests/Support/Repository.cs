namespace Inkling.Tests.Support;

/// <summary>The working copy that the tests run in.</summary>
internal static class Repository
{
    /// <summary>The folder of Inkling.slnx.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The full path of something in it.</summary>
    internal static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>A program as <c>./test</c> has built it.</summary>
    internal static string Program(string project, string configuration)
    {
        string path = Path($"artifacts/bin/{project}/{configuration}/{project}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path}: not built; ./test builds it", path);
    }

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "Inkling.slnx")))
        {
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Inkling.slnx: not above the tests");
        }

        return folder;
    }
}
