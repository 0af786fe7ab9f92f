using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Tests.Cli;
using Inkling.Tests.Data.Idx;
using Inkling.Tests.Support;

[assembly: AssemblyFixture(typeof(ResNetModel))]

namespace Inkling.Tests.Support;

/// <summary>
/// A package with the network of the recipe <c>quick</c>, trained on some thousand digits: good enough to be right about nearly all
/// of the others, as the clients of a published model find it.
/// </summary>
public sealed class ResNetModel : IDisposable
{
    internal const int TestImages = 1000;

    private const int TrainImages = 20_000;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _package;

    public ResNetModel() => _package = new(Train);

    /// <summary>The folder that has the package in it, under <see cref="Name"/>.</summary>
    internal string Models => Path.GetDirectoryName(Package)!;

    /// <summary>What the package is called there.</summary>
    internal static string Name => "digits-resnet";

    /// <summary>Not to be changed.</summary>
    internal string Package => _package.Value;

    /// <summary>The folder of IDX files that it was trained and tested on.</summary>
    internal string Data => _folder["digits"];

    internal static ImageSet Test => TinyModel.Test;

    public void Dispose() => _folder.Dispose();

    private string Train()
    {
        IdxBytes.WriteFolder(Data, Datasets.Load("mnist").Train, TrainImages, Test, TestImages);
        string package = _folder[$"models/{Name}"];
        CliRun run = CliRun.Of("train", "--data", Data, "--recipe", Fixture.Path("Cli", "resnet.json"), "--out", package);
        Assert.Equal(0, run.ExitCode);
        return package;
    }
}
