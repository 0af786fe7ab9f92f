using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Training;

/// <summary>However a run was stopped, going on gives the bytes of the run that was not.</summary>
public sealed class ResumeTests(TinyModel tiny)
{
    private const int StepsPerEpoch = 10;

    private readonly Recipe _recipe = Recipe.Load(TinyModel.Recipe);
    private readonly ImageDataset _data = Datasets.Load(tiny.Data);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(17)]
    [InlineData(39)]
    public void Resume_StoppedAfterAnyStep_GivesTheBytesOfAnUnbrokenRun(int step)
    {
        using var folder = new TemporaryFolder();
        Stop(folder["run"], step);
        using RunFolder run = RunFolder.Open(folder["run"]);

        using TrainedModel model = Train(Resuming(run), new Unwatched(), TestContext.Current.CancellationToken, threads: 3);

        AssertUnbroken(model);
    }

    // The bytes are torn as a disk does it: cut off, or changed in the middle.
    [Fact]
    public void Resume_NewestCheckpointTornAtRandomOffsets_GoesOnFromTheOneBefore()
    {
        using var folder = new TemporaryFolder();
        Stop(folder["run"], 2 * StepsPerEpoch + 3);
        string newest = Newest(folder["run"]);
        byte[] whole = File.ReadAllBytes(newest);
        var random = new RandomStream(20261122, RandomPurpose.Shuffle);
        for (int tear = 0; tear < 12; tear++)
        {
            int offset = random.Integer((uint)tear, whole.Length);
            byte[] torn = tear % 2 == 0 ? whole[..offset] : [.. whole];
            if (tear % 2 == 1)
            {
                torn[offset] ^= (byte)(1 << tear % 8);
            }

            string copy = Copy(folder["run"], folder[$"torn-{tear}"]);
            File.WriteAllBytes(Newest(copy), torn);
            using RunFolder run = RunFolder.Open(copy);
            var observer = new Listener();

            using TrainedModel model = Train(Resuming(run), observer, TestContext.Current.CancellationToken);

            Assert.Equal(2 * StepsPerEpoch, observer.StepsBefore);
            Assert.Contains(Path.GetFileName(newest), Assert.Single(observer.Warnings), StringComparison.Ordinal);
            AssertUnbroken(model);
        }
    }

    [Fact]
    public void Resume_NoSoundCheckpoint_BeginsAnew()
    {
        using var folder = new TemporaryFolder();
        Stop(folder["run"], StepsPerEpoch + 3);
        foreach (string file in Directory.EnumerateFiles(folder["run"], "*.checkpoint"))
        {
            File.WriteAllBytes(file, []);
        }

        using RunFolder run = RunFolder.Open(folder["run"]);
        var observer = new Listener();

        using TrainedModel model = Train(Resuming(run), observer, TestContext.Current.CancellationToken);

        Assert.Equal(0, observer.StepsBefore);
        Assert.Equal(2, observer.Warnings.Count);
        AssertUnbroken(model);
    }

    [Fact]
    public void Resume_AnotherRecipeSeedOrData_IsRefusedWithTheDifference()
    {
        using var folder = new TemporaryFolder();
        Stop(folder["run"], 3);
        using RunFolder run = RunFolder.Open(folder["run"]);
        ImageDataset otherData = Datasets.Load("mnist");

        AssertRefused(_data, _recipe with { BatchSize = 32 }, Resuming(run), "$.recipe.batch_size: 64 against 32");
        AssertRefused(_data, _recipe, Resuming(run) with { Seed = 8 }, "$.seed: 7 against 8");
        AssertRefused(otherData, _recipe, Resuming(run), "$.data.train");
        Assert.True(run.HasCheckpoints);
    }

    [Fact]
    public void RunFolder_InUse_IsRefusedToASecondProcess()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Open(folder["run"]);

        var refused = Assert.Throws<ModelFormatException>(() => RunFolder.Open(folder["run"]));

        Assert.Contains("no other process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CheckpointsDueByTime_KeepsTheTwoNewest()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Open(folder["run"]);
        var time = new SteppedTime();
        var observer = new Listener { AfterStep = _ => time.Advance(TimeSpan.FromSeconds(4)) };
        using var stop = new CancellationTokenSource();
        observer.AfterStep += step => _ = step == 8 && Cancel(stop);

        var options = new TrainingRunOptions { Folder = run, CheckpointInterval = TimeSpan.FromSeconds(10), Time = time };
        Assert.Throws<TrainingInterruptedException>(() => Train(options, observer, stop.Token));

        // Every third step is due (12 s), and the stop itself is one.
        Assert.Equal(
            ["step-000000006.checkpoint", "step-000000008.checkpoint"],
            Directory.EnumerateFiles(folder["run"], "*.checkpoint").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    // A fresh process each time, killed without warning; a checkpoint after every step, so that many kills hit the writing of one.
    [Fact]
    public void Train_KilledAtRandomMoments_GivesTheBytesOfAnUnbrokenRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill -9 is of Unix");
        using var folder = new TemporaryFolder();
        var random = new RandomStream(20261122, RandomPurpose.Shuffle);
        string[] command =
        [
            Repository.Program("Inkling.Cli", "release"), "train", "--data", tiny.Data, "--recipe", TinyModel.Recipe,
            "--out", folder["p"], "--checkpoint-seconds", "0", "--resume",
        ];
        int kills = 0;
        for (; kills < 8; kills++)
        {
            using ChildProcess child = ChildProcess.Start("dotnet", command);
            while (child.ReadErrorLine() is { } line && !line.Contains("parameters", StringComparison.Ordinal))
            {
            }

            Thread.Sleep(random.Integer((uint)kills, 120));
            if (Signals.Send(child.Id, 9) != 0 || child.Wait().ExitCode == 0)
            {
                break;
            }
        }

        ChildResult last = ChildProcess.Run("dotnet", command);

        Assert.Equal(0, last.ExitCode);
        Assert.InRange(kills, 2, 8);
        Assert.DoesNotContain("p.run", folder.Names);
        Assert.All(
            (string[])["model.safetensors", "history.jsonl", "losses.safetensors", "config.json", "inkling.lock.json"],
            name => Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Package, name)), File.ReadAllBytes(folder["p/" + name])));
    }

    private void AssertUnbroken(TrainedModel model)
    {
        Assert.Equal(Hash(File.ReadAllBytes(Path.Combine(tiny.Package, "model.safetensors"))), Hash(model.WeightsFile));
        Assert.Equal(
            SafeTensorsFile.Read(Path.Combine(tiny.Package, "losses.safetensors")).Tensors[0].Values, model.ChunkLosses);
        Assert.Equal(
            File.ReadAllText(Path.Combine(tiny.Package, "history.jsonl")),
            HistoryFile.Write(model.Epochs));
    }

    private static void AssertRefused(ImageDataset data, Recipe recipe, TrainingRunOptions options, string difference)
    {
        var refused = Assert.Throws<ResumeException>(() => Trained.By(recipe, data, threads: 1, options));
        Assert.Contains(difference, refused.Message, StringComparison.Ordinal);
    }

    private void Stop(string path, int step)
    {
        using RunFolder run = RunFolder.Open(path);
        using var stop = new CancellationTokenSource();
        var observer = new Listener { AfterStep = taken => _ = taken == step && Cancel(stop) };
        if (step == 0)
        {
            stop.Cancel();
        }

        Assert.Throws<TrainingInterruptedException>(() => Train(new TrainingRunOptions { Folder = run }, observer, stop.Token));
    }

    private TrainedModel Train(
        TrainingRunOptions options, ITrainingObserver observer, CancellationToken cancellation, int threads = 2) =>
        Trained.By(_recipe, _data, threads, options, observer, cancellation);

    private static TrainingRunOptions Resuming(RunFolder folder) => new() { Folder = folder, Resume = true };

    private static bool Cancel(CancellationTokenSource source)
    {
        source.Cancel();
        return true;
    }

    private static string Newest(string folder) => Directory.EnumerateFiles(folder, "*.checkpoint").Order(StringComparer.Ordinal).Last();

    private static string Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from, "*.checkpoint"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return to;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed class Listener : ITrainingObserver
    {
        internal Action<int> AfterStep { get; set; } = _ => { };

        internal int? StepsBefore { get; private set; }

        internal List<string> Warnings { get; } = [];

        public void Started(TrainingPlan plan) => StepsBefore = plan.StepsBefore;

        public void Stepped(StepProgress progress) => AfterStep(progress.Step);

        public void Warned(string message) => Warnings.Add(message);
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
