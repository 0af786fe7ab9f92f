using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Studies;

/// <summary>The files of a study, both ways.</summary>
internal static class StudyFolder
{
    private const string StudyName = "study.json";
    private const string TimesName = "times.json";

    internal static bool IsAt(string path) => File.Exists(Path.Combine(path, StudyName));

    /// <summary>The times first: <c>study.json</c> is what says that a seed is finished.</summary>
    internal static void Write(string path, JsonObject study, JsonObject times)
    {
        Directory.CreateDirectory(path);
        AtomicFile.Write(Path.Combine(path, TimesName), CanonicalJson.Write(times));
        AtomicFile.Write(Path.Combine(path, StudyName), CanonicalJson.Write(study));
    }

    /// <summary>The finished seeds; none if there is no study yet.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="header">What tells this study from every other.</param>
    /// <exception cref="ModelFormatException">A file is faulty, or the study is another.</exception>
    internal static IReadOnlyList<SeedResult> Read(string path, JsonObject header)
    {
        if (!IsAt(path))
        {
            return [];
        }

        string study = Path.Combine(path, StudyName);
        RequireSame(study, "a study of the same recipe, data and contract", header, StudyJson.HeaderOf(study));
        return StudyJson.Read(study, Path.Combine(path, TimesName));
    }

    /// <summary>What a seed's package says of it.</summary>
    /// <exception cref="ModelFormatException">It is the package of something else, or not whole.</exception>
    internal static SeedResult ReadPackage(string path, RunPlan plan)
    {
        using TrainedPackage package = TrainedPackage.Open(path);
        RequireSame(path, $"the package of seed {plan.Seed}", plan.ToJson(), PlanOf(package.Lock));
        JsonObject metrics = MetricsFile.Read(Path.Combine(path, PackageFiles.Metrics));
        string lastEpoch = package.Lock.Weights.Epochs[^1];
        return MetricsFile.Guard(
            path,
            () => new SeedResult(
                plan.Seed,
                lastEpoch,
                Score(metrics["validation"]),
                Score(metrics["test"]),
                metrics["train"]!["seconds"]!.GetValue<double>(),
                metrics["train"]!["images_per_second"]!.GetValue<double>()),
            "Remove the package; its seed is trained again.");
    }

    private static SplitScore? Score(JsonNode? section) => section is null ? null : new SplitScore(
        section["n"]!.GetValue<int>(), section["accuracy"]!.GetValue<double>(), section["nll"]!.GetValue<double>());

    private static JsonObject PlanOf(PackageLock packageLock) => RunPlan.Identity(
        packageLock.Contract, packageLock.Data.Name, packageLock.Data.Fingerprints.Train, packageLock.Recipe, packageLock.Seed,
        packageLock.Split.Hash, packageLock.Weights.Steps);

    private static void RequireSame(string path, string expected, JsonObject asked, JsonObject found)
    {
        JsonDifference[] differences = [.. JsonDifference.Between(found, asked).Take(5)];
        if (differences.Length > 0)
        {
            throw new ModelFormatException(
                path, expected, $"one that differs in {string.Join("; ", differences.AsEnumerable())}", "Choose another output folder.");
        }
    }
}
