using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Tests.Data.Idx;
using Inkling.Tests.Support;
using Inkling.Tests.Cli;

[assembly: AssemblyFixture(typeof(TinyModel))]

namespace Inkling.Tests.Cli;

/// <summary>Some hundred digits of MNIST as a folder of IDX files, and packages trained on them through the command line.</summary>
public sealed class TinyModel : IDisposable
{
    internal const int TrainImages = 800;
    internal const int TestImages = 150;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _data;
    private readonly Lazy<string> _package;
    private readonly Lazy<string> _unframed;

    public TinyModel()
    {
        _data = new(() => WriteDigits(_folder["digits"]));
        _package = new(() => Train("digit", _folder["package"]));
        _unframed = new(() => Train("none", _folder["unframed"]));
    }

    /// <summary>The folder of IDX files.</summary>
    internal string Data => _data.Value;

    /// <summary>The recipe.</summary>
    internal static string Recipe => Fixture.Path("Cli", "tiny.json");

    /// <summary>A package whose pictures are framed as digits. Not to be changed: <see cref="CopyTo"/> first.</summary>
    internal string Package => _package.Value;

    /// <summary>A package whose pictures are taken as they are. Not to be changed.</summary>
    internal string Unframed => _unframed.Value;

    /// <summary>The images that tests show to the model.</summary>
    internal static ImageSet Test { get; } = Datasets.Load("mnist").Test!.Open();

    /// <summary>A copy of <see cref="Package"/> that a test may spoil.</summary>
    internal string CopyTo(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(Package, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(Package, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder;
    }

    public void Dispose() => _folder.Dispose();

    private string Train(string framing, string package)
    {
        string recipe = package + ".json";
        File.WriteAllText(recipe, File.ReadAllText(Recipe).Replace("\"digit\"", $"\"{framing}\"", StringComparison.Ordinal));
        CliRun run = CliRun.Of("train", "--data", Data, "--recipe", recipe, "--out", package);
        Assert.Equal(0, run.ExitCode);
        return package;
    }

    private static string WriteDigits(string folder)
    {
        IdxBytes.WriteFolder(folder, Datasets.Load("mnist").Train, TrainImages, Test, TestImages);
        return folder;
    }
}
