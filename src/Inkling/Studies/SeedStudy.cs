using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Publishing;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Studies;

/// <summary>
/// One recipe with several seeds: what it is worth beyond the luck of one run. Always the last epoch; a seed that has been
/// trained stays in the study, so that none can be left out afterwards.
/// </summary>
/// <remarks>
/// In its folder: <c>study.json</c> and <c>times.json</c> (docs/formats.md#study), <c>seed-N.run</c> with the checkpoint of a seed that
/// was interrupted, and <c>seed-N</c>, a package, if the study is judged by the test images.
/// </remarks>
public sealed class SeedStudy : IDisposable
{
    private readonly SortedDictionary<ulong, SeedResult> _results = [];
    private readonly ImageDataset _dataset;
    private readonly RunFolder _lock;
    private readonly string _path;

    private SeedStudy(string path, ImageDataset dataset, Recipe recipe, StudyJudge judge, int parameters)
    {
        _path = path;
        _dataset = dataset;
        Recipe = recipe;
        Judge = judge;
        Parameters = parameters;
        _lock = RunFolder.Open(PackageFolder.RunFolderOf(path));
    }

    /// <summary>The recipe that every seed trains.</summary>
    public Recipe Recipe { get; }

    /// <summary>What the seeds are judged by.</summary>
    public StudyJudge Judge { get; }

    /// <summary>Learned values of the network.</summary>
    public int Parameters { get; }

    /// <summary>The finished seeds, ascending.</summary>
    public IReadOnlyCollection<SeedResult> Results => _results.Values;

    /// <summary><c>study.json</c>: the same bytes wherever and however often interrupted the seeds were trained.</summary>
    public JsonObject Json => StudyJson.Write(Header(_dataset, Recipe, Judge), Parameters, Results);

    /// <summary><c>times.json</c>: what the seeds took, which no rebuild repeats.</summary>
    public JsonObject Times => StudyJson.WriteTimes(Results);

    /// <summary>Begins a study, or goes on with the one that the folder holds.</summary>
    /// <param name="path">The folder; absent, empty, or this very study's.</param>
    /// <param name="dataset">What to train on.</param>
    /// <param name="recipe">What to train.</param>
    /// <param name="judge">What to judge by.</param>
    /// <exception cref="RecipeException">The recipe doesn't fit the dataset, or keeps no images to be judged by.</exception>
    /// <exception cref="DataFormatException">The dataset has no test images to be judged by.</exception>
    /// <exception cref="ModelFormatException">The folder holds something else, another study, or another process works on it.</exception>
    public static SeedStudy Open(string path, ImageDataset dataset, Recipe recipe, StudyJudge judge)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(recipe);
        RunPlan plan = new TrainingRun(dataset, recipe, new TrainingRunOptions()).Plan;
        RequireImages(plan, judge);
        RequireOurs(path);
        var study = new SeedStudy(path, dataset, recipe, judge, plan.Network.ParameterCount);
        try
        {
            foreach (SeedResult result in StudyFolder.Read(path, Header(dataset, recipe, judge)))
            {
                study._results[result.Seed] = result;
            }

            // Before any training, so that what an interruption leaves is known to be this study's.
            study.Save();
            return study;
        }
        catch
        {
            study.Dispose();
            throw;
        }
    }

    /// <summary>Whether a seed is finished.</summary>
    public bool Has(ulong seed) => _results.ContainsKey(seed);

    /// <summary>Trains a seed, or goes on with it, and adds what it gave to the folder.</summary>
    /// <param name="seed">One that isn't finished.</param>
    /// <param name="observer">Is told how the training goes.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    /// <param name="cancellation">Stops the training after the current step.</param>
    /// <exception cref="StudyInterruptedException">It was stopped.</exception>
    /// <exception cref="NonFiniteLossException">The loss is no longer a number.</exception>
    public SeedResult Train(ulong seed, ITrainingObserver observer, WorkerTeam team, CancellationToken cancellation = default)
    {
        string package = Path.Combine(_path, $"seed-{seed}");
        using RunFolder folder = RunFolder.Open(PackageFolder.RunFolderOf(package));
        ImageDataset dataset = _dataset.Resealed();
        var run = new TrainingRun(dataset, Recipe, new TrainingRunOptions { Seed = seed, Folder = folder, Resume = true });
        try
        {
            SeedResult result = Judge == StudyJudge.Test
                ? TrainPackage(package, run, dataset, observer, team, cancellation)
                : TrainOnly(run, observer, team, cancellation);
            _results.Add(seed, result);
            Save();
            folder.Clear();
            return result;
        }
        catch (OperationCanceledException e)
        {
            throw new StudyInterruptedException(seed, _path, e);
        }
    }

    /// <summary>Lets other processes at the folder.</summary>
    public void Dispose() => _lock.Dispose();

    private void Save() => StudyFolder.Write(_path, Json, Times);

    private static SeedResult TrainOnly(TrainingRun run, ITrainingObserver observer, WorkerTeam team, CancellationToken cancellation)
    {
        using TrainedModel model = run.Run(observer, team, cancellation);
        EpochResult last = model.Epochs[^1];
        return new SeedResult(
            model.Seed,
            last.WeightsHash,
            new SplitScore(model.Split.Validation.Length, last.ValidationAccuracy!.Value, last.ValidationLoss!.Value),
            null,
            model.Seconds,
            model.ImagesPerSecond);
    }

    // A package that is there already was finished just before an interruption: its test images aren't opened again.
    private static SeedResult TrainPackage(
        string path, TrainingRun run, ImageDataset dataset, ITrainingObserver observer, WorkerTeam team, CancellationToken cancellation)
    {
        if (!Directory.Exists(path))
        {
            using TrainedModel model = run.Run(observer, team, cancellation);
            using PackageFolder folder = PackageFolder.Stage(path);
            PackageWriter.Write(folder, model, dataset, team, cancellation);
        }

        return StudyFolder.ReadPackage(path, run.Plan);
    }

    private static JsonObject Header(ImageDataset dataset, Recipe recipe, StudyJudge judge) => new()
    {
        ["contract"] = NumericContract.Number,
        ["data"] = new JsonObject { ["name"] = dataset.Name, ["train"] = dataset.Train.Fingerprint },
        ["judged_by"] = StudyJson.Key(judge),
        ["recipe"] = RecipeJson.Write(recipe),
    };

    private static void RequireImages(RunPlan plan, StudyJudge judge)
    {
        if (judge == StudyJudge.Validation && plan.Split.Validation.IsEmpty)
        {
            throw new RecipeException(plan.Recipe.Name, [new JsonFault(
                "$.split.validation", null, "expected images to judge by, found none. Keep some; the test images are for a recipe that has been chosen")]);
        }

        if (judge == StudyJudge.Test && plan.Dataset.Test is null)
        {
            throw new DataFormatException(
                plan.Dataset.Name, null, "test images", "none", "Judge by the validation images, or take data that has them.");
        }
    }

    private static void RequireOurs(string path)
    {
        if (File.Exists(path) || (Directory.Exists(path) && !StudyFolder.IsAt(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new ModelFormatException(
                path, "a study's folder, an empty one or none", "something else", "Choose another output folder.");
        }
    }
}
