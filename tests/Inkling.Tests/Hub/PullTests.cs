using System.Text.Json.Nodes;
using CsCheck;
using Inkling.Hub;
using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.StandInHub;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Hub;

/// <summary>
/// What becomes of the cache when all goes well, and when the network or the Hub fails: nothing in it is ever half a file.
/// </summary>
public sealed class PullTests(TinyModel tiny)
{
    [Fact]
    public async Task Pull_Package_IsPlacedAsTheOfficialClientsDo()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string commit = scene.Store();

        CliRun run = scene.Run("pull", HubScene.Id, "--json");

        string root = Path.Combine(scene.Cache, "models--alice--digits");
        Assert.Equal(commit, (string?)run.Json["commit"]);
        Assert.Equal(Path.Combine(root, "snapshots", commit), (string?)run.Json["folder"]);
        Assert.Equal(commit, File.ReadAllText(Path.Combine(root, "refs", "main")));
        scene.AssertSameAsPackage((string)run.Json["folder"]!);
        string onnx = new FileInfo(Path.Combine(root, "snapshots", commit, "onnx", "model.onnx")).LinkTarget!;
        Assert.Equal("../../../blobs/" + scene.Stored.Head.Files["onnx/model.onnx"].Sha256, onnx);
        Assert.True(File.Exists(Path.Combine(root, "blobs", scene.Stored.Head.Files["config.json"].Oid)));
        Assert.True(File.Exists(Path.Combine(scene.Cache, "CACHEDIR.TAG")));
        Assert.Empty(Directory.EnumerateFiles(root, "*incomplete*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Pull_Progress_CountsTheBytesToTheEnd()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        var progress = new SeenProgress();

        await new PackagePull(scene.Settings()).PullAsync(
            HubReference.Parse(HubScene.Id)!, progress, TestContext.Current.CancellationToken);

        progress.AssertReaches(scene.StoredNames.Sum(name => (long)scene.Stored.Head.Files[name].Content.Length));
    }

    [Fact]
    public async Task Commands_OfAPackageOnTheHub_JustWork()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string commit = scene.Store();
        string picture = Repository.Path("docs/images/seven.png");

        CliRun here = scene.Run("predict", scene.Package, picture, "--json");
        CliRun there = scene.Run("predict", HubScene.Id, picture, "--json");
        CliRun pinned = scene.Run("evaluate", $"{HubScene.Id}@{commit}", "--data", tiny.Data, "--json");
        using ImageClassifier classifier =
            await ImageClassifier.LoadAsync(HubScene.Id, scene.Settings(), TestContext.Current.CancellationToken);

        Assert.Equal(here.Output, there.Output);
        Assert.Equal((string?)here.Json[0]!["label"], classifier.Predict(picture).Label);
        Assert.NotNull(pinned.Json["test"]);

        // The cache is not to be written to: evaluating counts the look at the test images in a package of one's own only.
        scene.AssertSameAsPackage(Path.Combine(scene.Cache, "models--alice--digits", "snapshots", commit));
    }

    [Fact]
    public async Task Find_PinnedCommitInTheCache_AsksNobody()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string commit = scene.Store();
        await scene.PullAsync();
        int before = scene.Hub.Seen.Count;

        CliRun run = scene.Run("predict", $"{HubScene.Id}@{commit}", Repository.Path("docs/images/seven.png"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(before, scene.Hub.Seen.Count);
    }

    [Fact]
    public async Task Find_ExistingFolder_WinsOverTheHub()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);

        PackageLocation location = await PackageLocation.FindAsync(
            scene.Package, () => throw new InvalidOperationException("asked"), null, TestContext.Current.CancellationToken);

        Assert.Equal(scene.Package, location.Folder);
        Assert.Null(location.Pulled);
    }

    [Fact]
    public async Task Pull_Offline_UsesTheCacheOnly()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string commit = scene.Store();
        HubSettings offline = scene.Settings() with { IsOffline = true };

        HubException absent = await Assert.ThrowsAsync<HubException>(() => scene.PullAsync(settings: offline));
        await scene.PullAsync();
        int before = scene.Hub.Seen.Count;
        PulledPackage pulled = await scene.PullAsync(settings: offline);

        Assert.Contains("HF_HUB_OFFLINE", absent.Message, StringComparison.Ordinal);
        Assert.Equal(commit, pulled.Commit);
        Assert.Equal(before, scene.Hub.Seen.Count);
    }

    [Fact]
    public async Task Find_HubDown_UsesTheCacheAndSaysSo()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string commit = scene.Store();
        await scene.PullAsync();
        scene.Hub.Play("GET", "/revision/", Faults.Status(503), times: 100);

        CliRun run = scene.Run("predict", HubScene.Id, Repository.Path("docs/images/seven.png"));
        CliRun pull = scene.Run("pull", HubScene.Id);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(commit, run.Error, StringComparison.Ordinal);
        pull.AssertRefused(5, "503");
    }

    public static TheoryData<string, Fault, string> BodyFaults => new()
    {
        { "breaks", Faults.BreakAnswer(1000), "bytes=1000-" },
        { "is damaged", Faults.Corrupt(), "" },
        { "stands still", Faults.Stall(1000), "bytes=1000-" },
        { "is refused as expired", Faults.Status(403, "Request has expired"), "" },
        { "is 500", Faults.Status(500), "" },
    };

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Pull_TransientStatus_IsTriedAgain(int status)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", "/revision/", Faults.Status(status));

        scene.AssertSameAsPackage((await scene.PullAsync()).Folder);

        Assert.Equal([1], scene.Clock.WaitedSeconds);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(409)]
    [InlineData(501)]
    public async Task Pull_LastingStatus_IsToldAtOnce(int status)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", "/tree/", Faults.Status(status, "the server's words"));

        scene.Run("pull", HubScene.Id).AssertRefused(5, $"answered {status}: the server's words", "request Root=1-");

        Assert.Empty(scene.Clock.WaitedSeconds);
        Assert.False(Directory.Exists(scene.Cache));
    }

    /// <summary>Slower in all than anything may stand still, and never still.</summary>
    [Fact]
    public async Task Pull_SlowDrip_IsWaitedFor()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", scene.ObjectOf("model.safetensors"), Faults.Drip(pieces: 8, TimeSpan.FromMilliseconds(400)));

        PulledPackage pulled = await scene.PullAsync(settings: scene.Settings() with { StallTimeout = TimeSpan.FromSeconds(2) });

        scene.AssertSameAsPackage(pulled.Folder);
        Assert.Empty(scene.Clock.WaitedSeconds);
    }

    [Theory]
    [MemberData(nameof(BodyFaults))]
    public async Task Pull_DownloadGoesWrong_GoesOnUntilTheHashIsRight(string what, Fault fault, string range)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", scene.ObjectOf("model.safetensors"), fault);
        HubSettings settings = scene.Settings() with { StallTimeout = TimeSpan.FromMilliseconds(300) };

        PulledPackage pulled = await scene.PullAsync(settings: settings);

        scene.AssertSameAsPackage(pulled.Folder);
        SeenRequest[] toStorage = [.. scene.Hub.Seen.Where(
            request => request.Target.StartsWith(scene.ObjectOf("model.safetensors"), StringComparison.Ordinal))];
        Assert.True(toStorage.Length == 2, what);
        Assert.Equal(range, toStorage[1].Range);
        Assert.Equal([1], scene.Clock.WaitedSeconds);
    }

    [Fact]
    public async Task Pull_RangeIgnored_StartsAgain()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", "/object", Faults.BreakAnswer(1000));
        scene.Hub.Play("GET", "/object", Faults.IgnoreRange());

        scene.AssertSameAsPackage((await scene.PullAsync()).Folder);
    }

    [Fact]
    public async Task Pull_AlwaysDamaged_EndsWithNothingInTheCache()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", scene.ObjectOf("model.safetensors"), Faults.Corrupt(), times: 100);

        CliRun run = scene.Run("pull", HubScene.Id);

        run.AssertRefused(5, "model.safetensors", "damaged", scene.Stored.Head.Files["model.safetensors"].Sha256);
        string root = Path.Combine(scene.Cache, "models--alice--digits");
        Assert.False(Directory.Exists(Path.Combine(root, "refs")));
        Assert.All(Directory.EnumerateFiles(Path.Combine(root, "blobs")), blob => Assert.True(
            blob.EndsWith(".incomplete", StringComparison.Ordinal)
                || scene.Stored.Head.Files.Values.Any(
                    file => file.ETag == Path.GetFileName(blob) && file.Content.SequenceEqual(File.ReadAllBytes(blob)))));
    }

    [Fact]
    public async Task Pull_Interrupted_GoesOnNextTime()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", scene.ObjectOf("onnx/model.onnx"), Faults.BreakAnswer(50_000));
        scene.Hub.Play("GET", scene.ObjectOf("onnx/model.onnx"), Faults.Status(404));
        await Assert.ThrowsAsync<HubException>(() => scene.PullAsync());
        int before = scene.Hub.Seen.Count;

        PulledPackage pulled = await scene.PullAsync();

        scene.AssertSameAsPackage(pulled.Folder);
        Assert.Contains(scene.Hub.Seen.Skip(before), request => request.Range == "bytes=50000-");
    }

    [Fact]
    public async Task Pull_DamagedBlobInTheCache_IsFetchedAgain()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        PulledPackage pulled = await scene.PullAsync();
        File.WriteAllText(Path.Combine(pulled.Folder, "config.json"), "{}");

        await scene.PullAsync();

        scene.AssertSameAsPackage(pulled.Folder);
    }

    [Fact]
    public async Task Pull_WithoutSymlinks_CopiesFiles()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();

        PulledPackage pulled = await scene.PullAsync(settings: scene.Settings() with { UsesSymlinks = false });

        scene.AssertSameAsPackage(pulled.Folder);
        Assert.All(new DirectoryInfo(pulled.Folder).EnumerateFiles(), file => Assert.Null(file.LinkTarget));
    }

    [Fact]
    public async Task Pull_PrivateRepository_SendsTheTokenToTheHubOnly()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Create("model", HubScene.Id, isPrivate: true);
        await scene.PublishAsync();
        int before = scene.Hub.Seen.Count;

        await scene.PullAsync();
        CliRun nobody = CliRun.Of(() => scene.Settings(null), "pull", HubScene.Id);
        CliRun stranger = CliRun.Of(() => scene.Settings("hf_writeTokenOfBob"), "pull", HubScene.Id);

        SeenRequest[] pulling = [.. scene.Hub.Seen.Skip(before)];
        Assert.All(pulling.Where(request => request.ToStorage), request => Assert.Equal("", request.Authorization));
        Assert.Contains(pulling, request => request.Target.StartsWith("/api/resolve-cache", StringComparison.Ordinal) && request.Authorization.Length > 0);
        nobody.AssertRefused(5, "401", "HF_TOKEN", "request Root=1-");
        stranger.AssertRefused(5, "404", "request Root=1-");
    }

    [Fact]
    public async Task Pull_RedirectToAnotherHost_TokenDoesNotFollow()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        await using HubServer elsewhere = await HubServer.StartAsync();
        scene.Hub.Play("GET", "/resolve/", Faults.Redirect($"{elsewhere.Endpoint}/steal"));

        CliRun run = scene.Run("pull", HubScene.Id);

        run.AssertRefused(5, "404");
        Assert.All(elsewhere.Seen, request => Assert.Equal("", request.Authorization));
        Assert.NotEmpty(elsewhere.Seen);
    }

    [Theory]
    [InlineData("/revision/", "/api/models/alice/digits/revision/main")]
    [InlineData("/revision/", "ftp://example.org/model")]
    [InlineData("/tree/", "file:///etc/passwd")]
    public async Task Pull_RedirectsThatLeadNowhere_End(string path, string location)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", path, Faults.Redirect(location), times: 1000);

        scene.Run("pull", HubScene.Id).AssertRefused(5, "inkling: ");

        Assert.InRange(scene.Hub.Seen.Count, 1, 20);
        Assert.False(Directory.Exists(scene.Cache));
    }

    [Theory]
    [InlineData("../../outside", "leaves its folder")]
    [InlineData("/etc/passwd", "leaves its folder")]
    [InlineData("onnx/../../x", "leaves its folder")]
    [InlineData("C:\\\\x", "leaves its folder")]
    [InlineData("a\\u0000b", "leaves its folder")]
    [InlineData("config.json", "twice")]
    public async Task Pull_HostileListing_ExitsWithFourAndWritesNothing(string name, string words)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        const string Oid = "0123456789abcdef0123456789abcdef01234567";
        string Entry(string path) => $$"""{"type":"file","oid":"{{Oid}}","size":2,"path":"{{path}}"}""";
        scene.Hub.Play("GET", "/tree/", Faults.Answer($"[{Entry("config.json")},{Entry(name)}]"));

        scene.Run("pull", HubScene.Id).AssertRefused(4, words);

        Assert.False(Directory.Exists(scene.Cache));
        Assert.Equal(["package"], scene.Names);
    }

    [Fact]
    public async Task Pull_ListingOfDamagedBytes_IsTakenOrRefusedInOneLine()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        int refused = 0;
        Gen.Select(Gen.Int[0, 100_000], Gen.Byte).ForAll("0000KnbMjaz3", 100, damage =>
        {
            scene.Hub.Play("GET", "/tree/", Faults.Corrupt(bytes => bytes[damage.Item1 % bytes.Length] = damage.Item2));

            CliRun run = scene.Run("pull", HubScene.Id);

            if (run.ExitCode != 0)
            {
                refused++;
                Assert.InRange(run.ExitCode, 4, 5);
                CliRun.AssertOneLine(run.Error);
            }

            if (Directory.Exists(scene.Cache))
            {
                Directory.Delete(scene.Cache, recursive: true);
            }
        });
        Assert.InRange(refused, 20, 100);
    }

    [Theory]
    [InlineData("""[{"type":"file","oid":"0123456789abcdef0123456789abcdef01234567","size":2,"path":null}]""", 5)]
    [InlineData("""[{"type":null,"oid":"0123456789abcdef0123456789abcdef01234567","size":2,"path":"config.json"}]""", 4)]
    [InlineData("""[{"type":"file","oid":"../../../../tmp/x","size":2,"path":"config.json"}]""", 5)]
    [InlineData("""[{"type":"file","oid":"0123456789abcdef0123456789abcdef01234567","size":-2,"path":"config.json"}]""", 5)]
    [InlineData("""[{"type":"file","oid":"0123456789abcdef0123456789abcdef01234567","size":9223372036854775807,"path":"inkling.lock.json"}]""", 4)]
    [InlineData("""{"not":"a list"}""", 5)]
    [InlineData("""[1,2,3]""", 5)]
    [InlineData("""[]""", 4)]
    public async Task Pull_ListingOfAnotherForm_IsRefused(string listing, int exitCode)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", "/tree/", Faults.Answer(listing));

        scene.Run("pull", HubScene.Id).AssertRefused(exitCode, "alice/digits");

        Assert.False(Directory.Exists(scene.Cache));
    }

    [Fact]
    public async Task Pull_MoreBytesThanListed_IsRefused()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();
        scene.Hub.Play("GET", "/resolve-cache/", Faults.Answer($"\"{new string('x', 100_000)}\""), times: 100);

        scene.Run("pull", HubScene.Id).AssertRefused(5, "more than");
    }

    [Theory]
    [InlineData("alice/absent", "404", "RepoNotFound")]
    [InlineData("alice/digits@absent", "404", "revision")]
    public async Task Pull_NotThere_SaysWhat(string name, string status, string words)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Store();

        scene.Run("pull", name).AssertRefused(5, name.Split('@')[0], status, words == "RepoNotFound" ? "Repository not found" : words);
    }

    [Fact]
    public async Task Pull_ModelOfAnotherProgram_ExitsWithFour()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Create("model", HubScene.Id).CommitBehindTheBack(("pytorch_model.bin", [1]));

        scene.Run("pull", HubScene.Id).AssertRefused(4, "a package of Inkling");

        Assert.False(Directory.Exists(scene.Cache));
    }

    [Fact]
    public async Task Pull_ConfigOfAbsurdSize_ExitsWithFourAtOnce()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(scene.Package, "config.json")))!;
        config["image_size"] = 2_000_000_000;
        scene.Write("config.json", config.ToJsonString());
        string packageLock = File.ReadAllText(Path.Combine(scene.Package, PackageFiles.Lock));
        var locked = PackageLock.Parse(System.Text.Encoding.UTF8.GetBytes(packageLock), "lock");
        string hash = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(scene.Package, "config.json"))));
        scene.Write(PackageFiles.Lock, packageLock.Replace(locked.Files["config.json"], hash, StringComparison.Ordinal));
        scene.Store();

        scene.Run("predict", HubScene.Id, "x.png").AssertRefused(4, "config.json", "image_size");
    }

    [Fact]
    public async Task Predict_MistypedFolder_SaysThatItIsNone()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);

        scene.Run("predict", "runs/mnist-quik", "x.png").AssertRefused(5, "runs/mnist-quik: no such folder here");
    }

    [Theory]
    [InlineData("digits")]
    [InlineData("alice/digits@")]
    [InlineData("alice/digits@../../x")]
    [InlineData("alice/digits@a b")]
    [InlineData("../../etc")]
    public void Pull_NameThatIsNone_IsUsage(string name) => CliRun.Of("pull", name).AssertRefused(2, name);
}
