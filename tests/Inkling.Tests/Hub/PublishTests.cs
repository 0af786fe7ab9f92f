using System.Text;
using Inkling.Hub;
using Inkling.Publishing;
using Inkling.Publishing.Card;
using Inkling.StandInHub;
using Inkling.Tests.Cli;

namespace Inkling.Tests.Hub;

/// <summary>What becomes of a publication when all goes well, and when the network or the Hub fails: all of it or nothing.</summary>
public sealed class PublishTests(TinyModel tiny)
{
    [Fact]
    public async Task Publish_NewRepository_IsOneCommitThatOpens()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);

        CliRun run = scene.Run("publish", scene.Package, HubScene.Id, "--private");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(scene.Stored.Head.Oid, run.Output, StringComparison.Ordinal);
        Assert.Equal(2, scene.Stored.Commits.Count);
        Assert.True(scene.Stored.IsPrivate);
        PulledPackage pulled = await scene.PullAsync();
        scene.AssertSameAsPackage(pulled.Folder);
        Assert.Equal(1, scene.Hub.Seen.Count(request => request.Target == "/api/whoami-v2"));
    }

    [Fact]
    public async Task Publish_Again_SendsOnlyWhatChangedAndRemovesWhatIsGone()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Write("report.html", "<p>old</p>");
        await scene.PublishAsync();
        string first = scene.Stored.Head.Oid;
        int before = scene.Hub.Seen.Count;

        PublicationResult unchanged = await scene.PublishAsync();
        scene.Write("README.md", "---\nlicense: mit\n---\n# Changed\n");
        File.Delete(Path.Combine(scene.Package, "report.html"));
        PublicationResult changed = await scene.PublishAsync();

        Assert.Equal(first, unchanged.Commit);
        Assert.Empty(unchanged.Sent);
        Assert.Equal(["README.md"], changed.Sent.Select(file => file.Path));
        Assert.Equal(["report.html"], changed.Removed);
        Assert.Equal(3, scene.Stored.Commits.Count);
        Assert.DoesNotContain("report.html", scene.StoredNames);
        Assert.DoesNotContain(scene.Hub.Seen.Skip(before), request => request.ToStorage);
    }

    [Fact]
    public async Task Publish_DryRun_ListsAndChangesNothing()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);

        CliRun run = scene.Run("publish", scene.Package, HubScene.Id, "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("would send model.safetensors", run.Output, StringComparison.Ordinal);
        Assert.Contains("would send onnx/model.onnx (", run.Output, StringComparison.Ordinal);
        Assert.Empty(scene.Hub.Repositories);
    }

    [Fact]
    public async Task Publish_AsPullRequest_LeavesTheBranch()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string main = scene.Hub.Create("model", HubScene.Id).Head.Oid;

        CliRun run = scene.Run("publish", scene.Package, HubScene.Id, "--create-pr");

        Assert.Contains("/discussions/1", run.Output, StringComparison.Ordinal);
        Assert.Equal(main, scene.Stored.Head.Oid);
        PulledPackage pulled = await scene.PullAsync(HubScene.Id + "@refs/pr/1");
        scene.AssertSameAsPackage(pulled.Folder);
    }

    [Fact]
    public async Task Publish_ToANewBranch_LeavesMain()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);

        CliRun run = scene.Run("publish", scene.Package, HubScene.Id, "--revision", "trial/one");

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(scene.StoredNames);
        Assert.Contains("model.safetensors", scene.Stored.Find("trial/one")!.Files.Keys);
    }

    [Fact]
    public async Task Publish_GeneratedCard_IsSentUnderTheRepositorysName()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string unnamed = ModelCard.Create(scene.Package);
        scene.Write("README.md", unnamed);

        await scene.PublishAsync();

        Assert.Equal(ModelCard.Create(scene.Package, HubScene.Id), Encoding.UTF8.GetString(scene.Stored.Head.Files["README.md"].Content));
        Assert.Contains($"inkling verify {HubScene.Id}\n", ModelCard.Create(scene.Package, HubScene.Id), StringComparison.Ordinal);
        Assert.Equal(unnamed, File.ReadAllText(Path.Combine(scene.Package, "README.md")));
    }

    [Fact]
    public async Task Publish_EditedCard_IsSentAsItIs()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        string edited = ModelCard.Create(scene.Package) + "\nA word of mine.\n";
        scene.Write("README.md", edited);

        await scene.PublishAsync();

        Assert.Equal(edited, Encoding.UTF8.GetString(scene.Stored.Head.Files["README.md"].Content));
    }

    [Fact]
    public async Task Publish_ToAnOrganisation_IsItsRepository()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);

        CliRun run = scene.Run("publish", scene.Package, "digits", "--org", "alice", "--private");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(scene.Stored.IsPrivate);
        CliRun.Of("publish", "package", "alice/digits", "--org", "club").AssertRefused(2, "club/alice/digits");
        CliRun.Of("publish", "package", "digits").AssertRefused(2, "digits", "--org");
    }

    [Fact]
    public async Task Publish_Progress_CountsTheBytesToTheEnd()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny, partBytes: 1 << 16);
        var progress = new SeenProgress();

        await new PackagePublisher(scene.Settings()).PublishAsync(
            scene.Package, new Publication(HubScene.Repository), progress, TestContext.Current.CancellationToken);

        long bytes = Directory.EnumerateFiles(scene.Package, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        progress.AssertReaches(bytes);
    }

    /// <summary>Each transient fault once, at each step; the waits are the Hub's or 1 s.</summary>
    [Theory]
    [InlineData("POST", "/preupload/")]
    [InlineData("POST", "/objects/batch")]
    [InlineData("PUT", "/part")]
    [InlineData("POST", "/complete_multipart")]
    [InlineData("POST", "/commit/")]
    [InlineData("GET", "/tree/")]
    public async Task Publish_TransientFaults_AreTriedAgain(string method, string path)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny, partBytes: 1 << 16);
        scene.Hub.Play(method, path, Faults.Status(429, "slow down", ("RateLimit", "\"api\";r=0;t=55")));
        scene.Hub.Play(method, path, Faults.Status(503, "busy", ("Retry-After", "7")));
        scene.Hub.Play(method, path, Faults.Status(500));
        scene.Hub.Play(method, path, Faults.LoseAnswer());

        PublicationResult result = await scene.PublishAsync();

        Assert.Equal(scene.Stored.Head.Oid, result.Commit);
        Assert.Equal(2, scene.Stored.Commits.Count);
        scene.AssertSameAsPackage((await scene.PullAsync()).Folder);
        Assert.Equal([56, 7, 4], scene.Clock.WaitedSeconds.Take(3));
    }

    [Theory]
    [InlineData(504)]
    [InlineData(0)]
    public async Task Publish_LostAnswerToTheCommit_IsNotCommittedTwice(int status)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Play("POST", "/commit/", status == 0 ? Faults.LoseAnswer() : async (context, next) =>
        {
            Stream wire = context.Response.Body;
            context.Response.Body = new MemoryStream();
            await next();
            context.Response.Body = wire;
            context.Response.ContentLength = null;
            await Faults.Status(status)(context, next);
        });

        PublicationResult result = await scene.PublishAsync();

        Assert.Equal(scene.Stored.Head.Oid, result.Commit);
        Assert.Equal(2, scene.Stored.Commits.Count);
        Assert.Equal(1, scene.Hub.Seen.Count(request => request.Target.Contains("/commit/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Publish_BrokenDuringUpload_GoesOnWithWhatIsMissing()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny, partBytes: 1 << 16);
        scene.Hub.Play("PUT", "/part", Faults.BreakRequest(4096), times: 100, skip: 1);

        HubException broken = await Assert.ThrowsAsync<HubException>(() => scene.PublishAsync());
        Assert.Empty(scene.StoredNames);
        Assert.Contains("part 2", broken.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4, 8, 8], scene.Clock.WaitedSeconds);
    }

    [Fact]
    public async Task Publish_OneFileUp_IsNotSentAgain()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Play("POST", "/commit/", Faults.Status(403, "not today"));
        await Assert.ThrowsAsync<HubException>(() => scene.PublishAsync());
        int before = scene.Hub.Seen.Count;

        await scene.PublishAsync();

        Assert.DoesNotContain(scene.Hub.Seen.Skip(before), request => request.ToStorage);
        Assert.Contains("model.safetensors", scene.StoredNames);
    }

    [Fact]
    public async Task Publish_ExpiredLinks_AreRenewed()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny, partBytes: 1 << 16);
        scene.Hub.Play("PUT", "/part", Faults.Status(403, "Request has expired"), skip: 1);
        scene.Hub.Play("PUT", "/upload", Faults.Status(403, "Request has expired"));

        await scene.PublishAsync();

        Assert.Empty(scene.Clock.WaitedSeconds);
        Assert.Equal(3, scene.Hub.Seen.Count(request => request.Target.EndsWith("/objects/batch", StringComparison.Ordinal)));
        scene.AssertSameAsPackage((await scene.PullAsync()).Folder);
    }

    [Fact]
    public async Task Publish_StorageForgotAnObject_IsSentAgain()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Play("POST", "/commit/", (context, next) =>
        {
            scene.Stored.Objects.Clear();
            return next();
        });

        await scene.PublishAsync();

        scene.AssertSameAsPackage((await scene.PullAsync()).Folder);
    }

    [Fact]
    public async Task Publish_SomebodyElseCommits_IsRefusedAndNothingIsLost()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Play("POST", "/preupload/", (context, next) =>
        {
            scene.Stored.CommitBehindTheBack(("LICENSE", [1]));
            return next();
        });

        CliRun run = scene.Run("publish", scene.Package, HubScene.Id);

        run.AssertRefused(5, "412", "Somebody else has committed", "request Root=1-");
        Assert.Equal(["LICENSE"], scene.StoredNames);
    }

    [Theory]
    [InlineData(401, "POST", "/repos/create")]
    [InlineData(403, "POST", "/repos/create")]
    [InlineData(402, "POST", "/repos/create")]
    [InlineData(409, "POST", "/repos/create")]
    [InlineData(404, "POST", "/preupload/")]
    [InlineData(413, "POST", "/preupload/")]
    [InlineData(422, "POST", "/objects/batch")]
    [InlineData(400, "PUT", "/upload")]
    [InlineData(400, "POST", "/commit/")]
    [InlineData(401, "GET", "/whoami")]
    public async Task Publish_Refused_SaysWhyWithTheRequest(int status, string method, string path)
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Play(method, path, Faults.Status(status, "the server's words"));

        CliRun run = scene.Run("publish", scene.Package, HubScene.Id);

        run.AssertRefused(5, $"answered {status}: the server's words", "request Root=1-");
        Assert.All(scene.Hub.Repositories.Values, repository => Assert.Single(repository.Commits));
        Assert.Empty(scene.Clock.WaitedSeconds);
    }

    [Fact]
    public async Task Publish_QuotaOfAnHour_SaysWhenToComeBack()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Play("POST", "/commit/", Faults.Status(429, "commits per hour", ("RateLimit", "\"commits\";r=0;t=3300")));

        scene.Run("publish", scene.Package, HubScene.Id).AssertRefused(5, "429", "56 minutes");

        Assert.Empty(scene.StoredNames);
        Assert.Empty(scene.Clock.WaitedSeconds);
    }

    [Fact]
    public async Task Publish_TokenWithoutRights_IsRefusedBeforeAnythingIsSent()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);

        CliRun read = CliRun.Of(() => scene.Settings("hf_readTokenOfAlice"), "publish", scene.Package, HubScene.Id);
        CliRun stranger = CliRun.Of(() => scene.Settings("hf_writeTokenOfBob"), "publish", scene.Package, HubScene.Id);
        CliRun nobody = CliRun.Of(() => scene.Settings(null), "publish", scene.Package, HubScene.Id);

        read.AssertRefused(5, "alice may only read");
        stranger.AssertRefused(5, "403", "namespace");
        nobody.AssertRefused(5, "no token");
        Assert.Empty(scene.Hub.Repositories);
    }

    [Fact]
    public async Task Publish_RepositoryOfAnotherKind_IsRefused()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Create("model", HubScene.Id).CommitBehindTheBack(("pytorch_model.bin", [1]));

        scene.Run("publish", scene.Package, HubScene.Id).AssertRefused(5, "pytorch_model.bin", "choose another name");

        Assert.Equal(["pytorch_model.bin"], scene.StoredNames);
    }

    [Fact]
    public async Task Publish_CardThatTheHubRefuses_FailsBeforeTheUpload()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Write("README.md", "---\nlicense: mit\nwidget: none\n---\n");

        scene.Run("publish", scene.Package, HubScene.Id).AssertRefused(5, "\"widget\" must be an array");

        Assert.DoesNotContain(scene.Hub.Seen, request => request.ToStorage);
    }

    [Fact]
    public async Task Publish_Always_TokenGoesToTheHubOnlyAndIsNeverShown()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny, partBytes: 1 << 16);
        scene.Hub.Play("POST", "/commit/", Faults.Status(400, $"bad token {HubScene.Writer}"));

        CliRun refused = scene.Run("publish", scene.Package, HubScene.Id, "--verbose");
        CliRun run = scene.Run("publish", scene.Package, HubScene.Id);

        Assert.Equal(5, refused.ExitCode);
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain(HubScene.Writer, refused.Error + run.Output + run.Error, StringComparison.Ordinal);
        Assert.All(scene.Hub.Seen.Where(request => request.ToStorage), request => Assert.Equal("", request.Authorization));
        Assert.Contains(scene.Hub.Seen, request => request.ToStorage);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice/")]
    [InlineData("alice/di--gits")]
    [InlineData("alice/../etc")]
    [InlineData("alice/-digits")]
    [InlineData("alice/digits.git")]
    [InlineData("alice/digits@main")]
    [InlineData("alice/dig its")]
    public void Publish_NameThatTheHubRefuses_IsUsage(string name) =>
        CliRun.Of("publish", "package", name).AssertRefused(2, name, "USER/NAME");
}
