using Inkling.Hub;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Card;
using Inkling.StandInHub;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Hub;

/// <summary>A stand-in Hub, a package fit to be published there, and somebody's machine with an empty cache.</summary>
internal sealed class HubScene : IAsyncDisposable
{
    internal const string Writer = "hf_writeTokenOfAlice";
    internal const string Id = "alice/digits";

    private readonly TemporaryFolder _folder = new();

    private HubScene(HubServer hub) => Hub = hub;

    internal HubServer Hub { get; }

    /// <summary>The package folder. A test may spoil it.</summary>
    internal string Package { get; private set; } = "";

    internal InstantClock Clock { get; } = new();

    internal string Cache => _folder["cache"];

    /// <summary>Full path of something beside package and cache.</summary>
    internal string this[string name] => _folder[name];

    /// <summary>Names of all beside the package.</summary>
    internal IEnumerable<string> Names => _folder.Names;

    internal static HubRepository Repository { get; } = new(HubRepositoryType.Model, Id);

    /// <summary>The model on the Hub.</summary>
    internal StoredRepository Stored => Hub.Repositories[("model", Id)];

    /// <summary>What is on the Hub's main branch, without what the Hub itself puts there.</summary>
    internal IEnumerable<string> StoredNames => Stored.Head.Files.Keys.Where(name => name != ".gitattributes");

    internal static async Task<HubScene> CreateAsync(TinyModel tiny, int? partBytes = null, int? pageSize = null)
    {
        var scene = new HubScene(await HubServer.StartAsync(partBytes, pageSize));
        scene.Package = tiny.CopyTo(scene["package"]);

        // As it is published: under the repository's name.
        scene.Write(PackageFiles.Card, ModelCard.Create(scene.Package, Id));
        return scene;
    }

    /// <summary>How a large file's place in storage is asked for.</summary>
    internal string ObjectOf(string name) => "/object?X-Amz-Signature=" + Stored.Head.Files[name].Sha256[..12];

    /// <summary>Writes a text into the package.</summary>
    internal void Write(string name, string text) => File.WriteAllText(Path.Combine(Package, name), text);

    internal HubSettings Settings(string? token = Writer) => new()
    {
        Endpoint = new Uri(Hub.Endpoint),
        Token = token is null ? null : new HubToken(token),
        CacheFolder = Cache,
        Clock = Clock,
    };

    internal Task<PublicationResult> PublishAsync(Func<Publication, Publication>? change = null, HubSettings? settings = null)
    {
        var publication = new Publication(Repository);
        return new PackagePublisher(settings ?? Settings())
            .PublishAsync(Package, change?.Invoke(publication) ?? publication, null, TestContext.Current.CancellationToken);
    }

    internal Task<PulledPackage> PullAsync(string reference = Id, HubSettings? settings = null) =>
        new PackagePull(settings ?? Settings()).PullAsync(HubReference.Parse(reference)!, null, TestContext.Current.CancellationToken);

    /// <summary>Puts the package onto the Hub without our client.</summary>
    internal string Store() => Hub.Create("model", Id).CommitBehindTheBack(
        [.. Directory.EnumerateFiles(Package, "*", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(Package, file).Replace('\\', '/'), File.ReadAllBytes(file)))]).Oid;

    /// <summary>Runs the command line on this machine.</summary>
    internal CliRun Run(params string[] args) => CliRun.Of(() => Settings(), args);

    /// <summary>Asserts that a folder has the package's bytes.</summary>
    internal void AssertSameAsPackage(string folder)
    {
        string[] Names(string root) => [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal)];

        Assert.Equal(Names(Package), Names(folder));
        Assert.All(Names(Package), name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(Package, name)), File.ReadAllBytes(Path.Combine(folder, name))));
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _folder.Dispose();
    }
}
