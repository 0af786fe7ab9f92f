using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Hub;
using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.StandInHub;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Hub;

/// <summary>Datasets of a stand-in Hub: what is asked for, what is kept, and what becomes of faults.</summary>
public sealed class HubDatasetsTests : IAsyncDisposable
{
    private const string Id = "alice/figures";
    private const int TrainRows = 500;
    private const int TestRows = 60;

    private static readonly ImageSet Digits = Datasets.Load("mnist").Train;

    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _hub = HubServer.StartAsync().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Load_ShardsAndSplits_AreTheImagesThatWereStored()
    {
        string commit = Store().CommitBehindTheBack(Shards("mnist/")).Oid;

        ImageDataset dataset = Load($"hf:{Id}");

        Assert.Equal($"hf:{Id}@{commit}", dataset.Name);
        Assert.Equal("three", dataset.ClassNames[3]);
        Assert.Equal(Part(0, TrainRows).Fingerprint, dataset.Train.Fingerprint);
        Assert.Equal(Part(TrainRows, TestRows).Fingerprint, dataset.Test!.Open().Fingerprint);
        Assert.All(_hub.Seen.Where(request => request.Target.Contains("/resolve/", StringComparison.Ordinal)), request =>
            Assert.Contains($"/datasets/{Id}/resolve/{commit}/mnist/", request.Target, StringComparison.Ordinal));
        Assert.DoesNotContain(_hub.Seen, request => request.Target.Contains("README", StringComparison.Ordinal));
        Assert.True(Directory.Exists(Path.Combine(_folder["cache"], "datasets--alice--figures", "snapshots", commit, "mnist")));
    }

    [Fact]
    public void Train_OfTheHub_VerifiesFromTheLocksCommitAlone()
    {
        StoredRepository stored = Store();
        string commit = stored.CommitBehindTheBack(Shards("data/")).Oid;
        string package = _folder["package"];
        CliRun train = Run("train", "--data", $"hf:{Id}", "--recipe", TinyModel.Recipe, "--out", package);

        // The branch moves on; the lock doesn't.
        stored.CommitBehindTheBack(("data/train-00001-of-00002.parquet", Parquet(0, 10)));
        int before = _hub.Seen.Count;
        CliRun verify = Run("verify", package, "--json");
        CliRun evaluate = Run("evaluate", package, "--offline", "--json");

        Assert.Equal((0, 0, 0), (train.ExitCode, verify.ExitCode, evaluate.ExitCode));
        Assert.Equal("bytes", (string?)verify.Json["grade"]);
        Assert.Equal($"hf:{Id}@{commit}", PackageLock.Read(Path.Combine(package, PackageFiles.Lock)).Data.Name);
        Assert.Equal(before, _hub.Seen.Count);
        string card = File.ReadAllText(Path.Combine(package, "README.md"));
        Assert.Contains($"datasets:\n- \"{Id}\"\n", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AndPreview_TakeTheHubsNamesToo()
    {
        Store().CommitBehindTheBack(Shards("data/"));

        CliRun check = Run("data", "check", $"hf:{Id}", "--no-label-errors", "--out", _folder["quality"], "--json");
        CliRun preview = Run("data", "preview", $"hf:{Id}", "--recipe", TinyModel.Recipe, "--out", _folder["preview.png"]);

        Assert.Equal((0, 0), (check.ExitCode, preview.ExitCode));
        Assert.StartsWith($"hf:{Id}@", (string?)check.Json["dataset"]!["name"], StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["preview.png"]));
    }

    [Fact]
    public void Load_WithoutNetwork_UsesWhatIsThere_AndOnlyThat()
    {
        string commit = Store().CommitBehindTheBack(Shards("data/")).Oid;
        CliRun absent = Run("data", "check", $"hf:{Id}", "--offline", "--out", _folder["quality"]);
        ImageDataset first = Load($"hf:{Id}");
        int before = _hub.Seen.Count;

        ImageDataset offline = Load($"hf:{Id}", offline: true);
        ImageDataset pinned = Load($"hf:{Id}@{commit}");

        absent.AssertRefused(5, Id, "--offline");
        Assert.Equal(before, _hub.Seen.Count);
        Assert.Equal((first.Name, first.Name), (offline.Name, pinned.Name));
        Assert.Equal(first.Train.Fingerprint, offline.Train.Fingerprint);
    }

    [Fact]
    public void Load_HubDown_UsesTheCacheAndSaysSo()
    {
        string commit = Store().CommitBehindTheBack(Shards("data/")).Oid;
        Load($"hf:{Id}");
        _hub.Play("GET", "/revision/", Faults.Status(503), times: 100);

        CliRun run = Run("data", "check", $"hf:{Id}", "--no-label-errors", "--out", _folder["quality"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(commit, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SnapshotOfAnotherClient_IsCompleted()
    {
        string commit = Store().CommitBehindTheBack(Shards("data/")).Oid;
        string place = Path.Combine(_folder["cache"], "datasets--alice--figures", "snapshots", commit, "data");
        Directory.CreateDirectory(place);
        File.WriteAllBytes(Path.Combine(place, "train-00000-of-00002.parquet"), Parquet(0, 300));

        Assert.Equal(TrainRows, Load($"hf:{Id}@{commit}").Train.Count);
    }

    [Theory]
    [InlineData("breaks")]
    [InlineData("is damaged")]
    public void Load_DownloadGoesWrong_GoesOnUntilTheHashIsRight(string what)
    {
        Store().CommitBehindTheBack(Shards("data/"));
        _hub.Play("GET", "/object", what == "breaks" ? Faults.BreakAnswer(1000) : Faults.Corrupt());

        Assert.Equal(Part(0, TrainRows).Fingerprint, Load($"hf:{Id}").Train.Fingerprint);
    }

    [Fact]
    public void Load_AlwaysDamaged_ExitsWithFive_AndTheCacheHasNoName()
    {
        Store().CommitBehindTheBack(Shards("data/"));
        _hub.Play("GET", "/object", Faults.Corrupt(), times: 1000);

        Run("data", "check", $"hf:{Id}", "--out", _folder["quality"]).AssertRefused(5, "data/t", "damaged");

        string root = Path.Combine(_folder["cache"], "datasets--alice--figures");
        Assert.False(Directory.Exists(Path.Combine(root, "refs")));
        Assert.False(Directory.Exists(Path.Combine(root, "snapshots")));
    }

    [Fact]
    public void Load_NoSpaceLeft_IsAnErrorOfTheData_AndNoRevisionHasAName()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && InSmallCache("true").ExitCode == 0, "no file system of its own can be mounted");
        Store().CommitBehindTheBack(Shards("data/"));

        ChildResult run = InSmallCache(
            "dotnet", Repository.Program("Inkling.Cli", "release"), "data", "check", $"hf:{Id}", "--out", _folder["quality"]);

        Assert.Equal(3, run.ExitCode);
        CliRun.AssertOneLine(
            run.Error[run.Error.LastIndexOf("inkling: ", StringComparison.Ordinal)..], $"hf:{Id}", "No space left", "HF_HUB_CACHE");
        Assert.DoesNotContain("/refs/", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["quality"]));
    }

    /// <summary>Runs a program that sees a cache of 64 KiB, and lists what it leaves there.</summary>
    private ChildResult InSmallCache(params string[] command) => ChildProcess.Run(
        "unshare",
        [
            "--user", "--map-root-user", "--mount", "sh", "-c",
            "mount -t tmpfs -o size=64k none \"$HF_HUB_CACHE\" || exit 9; \"$@\"; code=$?; find \"$HF_HUB_CACHE\"; exit $code", "sh", .. command,
        ],
        environment: new Dictionary<string, string>
        {
            ["HF_ENDPOINT"] = _hub.Endpoint,
            ["HF_HUB_CACHE"] = Directory.CreateDirectory(_folder["cache"]).FullName,
        });

    [Theory]
    [InlineData("alice/absent", 5, "401")]
    [InlineData("alice/figures@absent", 5, "404")]
    [InlineData("figures", 3, "hf:USER/NAME")]
    [InlineData("alice/../x", 3, "hf:USER/NAME")]
    [InlineData("alice/figures/../../x", 3, "hf:USER/NAME")]
    public void Load_NameThatIsNone_IsRefused(string name, int exitCode, string words)
    {
        Store();

        Run("data", "check", $"hf:{name}", "--out", _folder["quality"]).AssertRefused(exitCode, words);
    }

    [Fact]
    public void Load_NoParquet_NamesTheBranchThatHasIt()
    {
        Store().CommitBehindTheBack(("images.zip", [1, 2, 3]));

        Run("data", "check", $"hf:{Id}", "--out", _folder["quality"])
            .AssertRefused(3, "Parquet", $"hf:{Id}@refs/convert/parquet");
    }

    [Fact]
    public void Load_SeveralDatasets_AsksForTheFolder()
    {
        StoredRepository stored = Store();
        stored.CommitBehindTheBack(Shards("large/"));
        stored.CommitBehindTheBack(("small/train.parquet", Parquet(40, 90)));

        Run("data", "check", $"hf:{Id}", "--out", _folder["quality"]).AssertRefused(3, "large, small", "hf:USER/NAME/FOLDER");
        ImageDataset small = Load($"hf:{Id}/small");

        Assert.StartsWith($"hf:{Id}/small@", small.Name, StringComparison.Ordinal);
        Assert.Equal(90, small.Train.Count + small.Test!.Open().Count);
        Assert.Equal((Id, "small"), (DatasetName.HubId(small.Name), DatasetName.Short(small.Name)));
    }

    [Fact]
    public void Load_ParquetThatLies_IsAnErrorOfTheData()
    {
        Store().CommitBehindTheBack(("data/train.parquet", "<html>"u8.ToArray()));

        Run("data", "check", $"hf:{Id}", "--out", _folder["quality"]).AssertRefused(3, "train.parquet", "a sound Parquet file");
    }

    private StoredRepository Store()
    {
        StoredRepository stored = _hub.Create("dataset", Id);
        stored.CommitBehindTheBack(("README.md", "# Figures\n"u8.ToArray()));
        return stored;
    }

    private (string, byte[])[] Shards(string folder) =>
    [
        (folder + "train-00000-of-00002.parquet", Parquet(0, 300)),
        (folder + "train-00001-of-00002.parquet", Parquet(300, TrainRows - 300)),
        (folder + "test-00000-of-00001.parquet", Parquet(TrainRows, TestRows)),
    ];

    private byte[] Parquet(int start, int count)
    {
        HubParquet.Write(_folder["some.parquet"], HubParquet.Rows(Digits, start, count), rowGroup: 120);
        return File.ReadAllBytes(_folder["some.parquet"]);
    }

    private static ImageSet Part(int start, int count) => Digits.Subset([.. Enumerable.Range(start, count)]);

    private HubSettings Settings() =>
        new() { Endpoint = new Uri(_hub.Endpoint), CacheFolder = _folder["cache"], Clock = new InstantClock() };

    private ImageDataset Load(string name, bool offline = false) =>
        Datasets.Load(name, new DatasetOptions { Hub = new HubDatasets(Settings), Offline = offline });

    private CliRun Run(params string[] args) => CliRun.Of(Settings, args);
}
