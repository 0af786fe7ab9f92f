using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inkling.Hub;
using Inkling.StandInHub;
using Inkling.Tests.Cli;

namespace Inkling.Tests.Hub;

/// <summary>
/// The official client against the stand-in, which shows that the stand-in is faithful, and against what we publish and pull,
/// which shows that we are.
/// </summary>
public sealed class OfficialClientTests(TinyModel tiny)
{
    [Fact]
    public async Task OfficialClient_WholeLife_WorksAgainstTheStandIn()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny, partBytes: 1 << 16, pageSize: 3);
        HubServer hub = scene.Hub;

        Assert.Equal("alice", (string?)OfficialClient.Run(hub, HubScene.Writer, "whoami"));
        Assert.False((bool)OfficialClient.Run(hub, HubScene.Writer, "exists", "model", HubScene.Id)!);
        OfficialClient.Run(hub, HubScene.Writer, "create", "model", HubScene.Id, "private");
        Assert.True(scene.Stored.IsPrivate);
        var commit = (string?)OfficialClient.Run(hub, HubScene.Writer, "upload", "model", HubScene.Id, scene.Package);
        Assert.Equal(scene.Stored.Head.Oid, commit);
        Assert.Equal(commit, (string?)OfficialClient.Run(hub, HubScene.Writer, "head", "model", HubScene.Id));
        AssertStored(scene);
        Assert.Contains(hub.Seen, request => request.Target.StartsWith("/api/complete_multipart", StringComparison.Ordinal));
        Assert.Contains(hub.Seen, request => request is { Method: "PUT", ToStorage: true } && request.Target.StartsWith(
            "/upload", StringComparison.Ordinal));

        JsonNode hashes = OfficialClient.Run(hub, HubScene.Writer, "hashes", "model", HubScene.Id)!;
        Assert.All(scene.Stored.Head.Files, file => Assert.Equal(file.Value.Sha256, (string?)hashes[file.Key]));
        string proposal = (string)OfficialClient.Run(hub, HubScene.Writer, "propose", "model", HubScene.Id)!;
        Assert.EndsWith("/discussions/1", proposal, StringComparison.Ordinal);
        Assert.Contains("note.txt", scene.Stored.Find("refs/pr/1")!.Files.Keys);

        OfficialClient.Run(hub, HubScene.Writer, "deleteFile", "model", HubScene.Id, "metrics.json");
        Assert.DoesNotContain("metrics.json", scene.StoredNames);
        OfficialClient.Run(hub, HubScene.Writer, "deleteRepo", "model", HubScene.Id);
        Assert.Empty(hub.Repositories);
    }

    [Fact]
    public async Task OfficialClient_Refused_SaysWhatTheStandInSaid()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        HubServer hub = scene.Hub;
        scene.Store();

        Assert.Contains("401 Invalid credentials", OfficialClient.Fail(hub, "hf_nobody", "whoami"), StringComparison.Ordinal);
        Assert.Contains("403 Forbidden", OfficialClient.Fail(hub, "hf_readTokenOfAlice", "upload", "model", HubScene.Id, scene.Package), StringComparison.Ordinal);
        Assert.Contains(
            "409 You already created", OfficialClient.Fail(hub, HubScene.Writer, "create", "model", HubScene.Id), StringComparison.Ordinal);
        Assert.Contains(
            "400 Invalid name", OfficialClient.Fail(hub, HubScene.Writer, "create", "model", "alice/-digits"), StringComparison.Ordinal);
        Assert.Contains(
            "404", OfficialClient.Fail(hub, HubScene.Writer, "deleteFile", "model", HubScene.Id, "absent.txt"), StringComparison.Ordinal);
        hub.Play("POST", "/commit/", Faults.Status(503));
        Assert.Contains("503 scripted", OfficialClient.Fail(hub, HubScene.Writer, "deleteFile", "model", HubScene.Id, "README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_OfficialClientDownloads_TheSameHashes()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny, partBytes: 1 << 16, pageSize: 4);

        await scene.PublishAsync();

        AssertStored(scene);
        JsonNode hashes = OfficialClient.Run(scene.Hub, HubScene.Writer, "hashes", "model", HubScene.Id)!;
        Assert.All(Directory.EnumerateFiles(scene.Package, "*", SearchOption.AllDirectories), file => Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))),
            (string?)hashes[Path.GetRelativePath(scene.Package, file).Replace('\\', '/')]));
    }

    [Fact]
    public async Task Pull_OfficialClientUploaded_GivesTheSameFiles()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny, partBytes: 1 << 16, pageSize: 4);
        OfficialClient.Run(scene.Hub, HubScene.Writer, "create", "model", HubScene.Id);
        OfficialClient.Run(scene.Hub, HubScene.Writer, "upload", "model", HubScene.Id, scene.Package);

        PulledPackage pulled = await scene.PullAsync();

        scene.AssertSameAsPackage(pulled.Folder);
        Assert.Equal(scene.Stored.Head.Oid, pulled.Commit);
    }

    [Fact]
    public async Task Pull_IntoTheCacheOfTheOfficialClient_FetchesNothingAgain()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string commit = scene.Store();
        string snapshot = (string)OfficialClient.Run(scene.Hub, HubScene.Writer, "snapshot", "model", HubScene.Id, scene.Cache)!;
        int before = scene.Hub.Seen.Count;

        PulledPackage pulled = await scene.PullAsync();

        Assert.Equal(snapshot, pulled.Folder);
        Assert.Equal(commit, pulled.Commit);
        Assert.DoesNotContain(scene.Hub.Seen.Skip(before), request => request.Target.Contains("/resolve/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OfficialClient_AfterPull_FindsTheFilesInTheCache()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        PulledPackage pulled = await scene.PullAsync();
        int before = scene.Hub.Seen.Count;

        string snapshot = (string)OfficialClient.Run(scene.Hub, HubScene.Writer, "snapshot", "model", HubScene.Id, scene.Cache)!;

        Assert.Equal(pulled.Folder, snapshot);

        // The one file that isn't a package's.
        Assert.All(
            scene.Hub.Seen.Skip(before).Where(request => request.Target.Contains("/resolve", StringComparison.Ordinal)),
            request => Assert.Contains(".gitattributes", request.Target, StringComparison.Ordinal));
    }

    private static void AssertStored(HubScene scene)
    {
        string[] names = [.. Directory.EnumerateFiles(scene.Package, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(scene.Package, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Equal(names, scene.StoredNames);
        Assert.All(
            names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(scene.Package, name)), scene.Stored.Head.Files[name].Content));
        Assert.True(scene.Stored.Head.Files["model.safetensors"].IsLfs);
        Assert.False(scene.Stored.Head.Files["config.json"].IsLfs);
    }
}
