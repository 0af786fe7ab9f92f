using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Serialization;
using Inkling.Statistics;

namespace Inkling.Studies;

/// <summary>The JSON of a study, both ways. Schema: docs/formats.md#study.</summary>
internal static class StudyJson
{
    private static readonly string[] HeaderKeys = ["contract", "data", "judged_by", "recipe"];
    private static readonly Interval Share = new(0, 1);
    private static readonly Interval Positive = new(0, double.MaxValue);

    internal static string Key(StudyJudge judge) => judge == StudyJudge.Test ? "test" : "validation";

    internal static JsonObject Write(JsonObject header, int parameters, IReadOnlyCollection<SeedResult> results)
    {
        JsonObject json = header;
        json["parameters"] = parameters;
        json["seeds"] = new JsonArray([.. results.Select(result => (JsonNode)Write(result))]);
        json["summary"] = new JsonObject
        {
            ["n"] = results.Count,
            ["validation"] = Summary([.. results.Select(result => result.Validation).OfType<SplitScore>()]),
            ["test"] = Summary([.. results.Select(result => result.Test).OfType<SplitScore>()]),
        };
        return json;
    }

    internal static JsonObject WriteTimes(IReadOnlyCollection<SeedResult> results) => new()
    {
        ["seeds"] = new JsonArray([.. results.Select(result => (JsonNode)new JsonObject
        {
            ["seed"] = result.Seed,
            ["seconds"] = Math.Round(result.Seconds, 3),
            ["images_per_second"] = Math.Round(result.ImagesPerSecond, 1),
        })]),
    };

    /// <summary>What tells a study from every other.</summary>
    internal static JsonObject HeaderOf(string path)
    {
        JsonObject study = PackageJson.ReadObject(path, "Choose another output folder.");
        return [.. HeaderKeys.Select(key => KeyValuePair.Create(key, study[key]?.DeepClone()))];
    }

    internal static IReadOnlyList<SeedResult> Read(string studyPath, string timesPath)
    {
        IReadOnlyList<SeedResult> results = PackageJson.Read(
            studyPath, "a study", value => value.Object([.. HeaderKeys, "parameters", "seeds", "summary"])["seeds"].List(new(0, int.MaxValue), ReadSeed));
        var times = PackageJson.Read(
            timesPath, "the times of a study", value => value.Object("seeds")["seeds"].List(new(0, int.MaxValue), ReadTime))
            .ToDictionary(time => time.Seed);
        return [.. results.Select(result => times.TryGetValue(result.Seed, out (ulong Seed, double Seconds, double ImagesPerSecond) time)
            ? result with { Seconds = time.Seconds, ImagesPerSecond = time.ImagesPerSecond }
            : throw new ModelFormatException(timesPath, $"the time of seed {result.Seed}", "none", "Choose another output folder."))];
    }

    private static JsonObject Write(SeedResult result) => new()
    {
        ["seed"] = result.Seed,
        ["model_sha256"] = result.WeightsHash,
        ["validation"] = Write(result.Validation),
        ["test"] = Write(result.Test),
    };

    private static JsonObject? Write(SplitScore? score) => score is null ? null : new JsonObject
    {
        ["n"] = score.Count, ["accuracy"] = score.Accuracy, ["nll"] = score.NegativeLogLikelihood,
    };

    private static JsonObject? Summary(IReadOnlyList<SplitScore> scores) => scores.Count == 0 ? null : new JsonObject
    {
        ["accuracy"] = Write(MeanEstimate.Of([.. scores.Select(score => score.Accuracy)])),
        ["nll"] = Write(MeanEstimate.Of([.. scores.Select(score => score.NegativeLogLikelihood)])),
    };

    private static JsonObject Write(MeanEstimate estimate) => new()
    {
        ["mean"] = estimate.Mean,
        ["sd"] = estimate.StandardDeviation,
        ["interval95"] = estimate.Interval95 is { } interval ? new JsonArray(interval.Low, interval.High) : null,
    };

    private static SeedResult ReadSeed(StrictValue value)
    {
        StrictObject seed = value.Object("seed", "model_sha256", "validation", "test");
        return new SeedResult(
            seed["seed"].UnsignedInteger(), seed["model_sha256"].Text(), ReadScore(seed["validation"]), ReadScore(seed["test"]), 0, 0);
    }

    private static SplitScore? ReadScore(StrictValue value)
    {
        if (value.IsNull)
        {
            return null;
        }

        StrictObject score = value.Object("n", "accuracy", "nll");
        return new SplitScore(score["n"].Integer(1, int.MaxValue), score["accuracy"].Number(Share), score["nll"].Number(Positive));
    }

    private static (ulong Seed, double Seconds, double ImagesPerSecond) ReadTime(StrictValue value)
    {
        StrictObject time = value.Object("seed", "seconds", "images_per_second");
        return (time["seed"].UnsignedInteger(), time["seconds"].Number(Positive), time["images_per_second"].Number(Positive));
    }
}
