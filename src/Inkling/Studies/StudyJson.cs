using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Serialization;
using Inkling.Statistics;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Studies;

/// <summary>The JSON of a study, both ways. Schema: docs/formats.md#study.</summary>
internal static class StudyJson
{
    private static readonly string[] HeaderKeys = ["contract", "data", "judged_by", "recipe"];
    private static readonly JsonForm<double> NotNegative = Number(0);
    private static readonly SeedResult Unset = new(0, "", null, null, 0, 0);

    private static readonly JsonShape<SplitScore> Score = new JsonShape<SplitScore>(new(0, 0, 0))
        .Required("n", Integer(1), x => x.Count, (x, v) => x with { Count = v })
        .Required("accuracy", Number(0, 1), x => x.Accuracy, (x, v) => x with { Accuracy = v })
        .Required("nll", NotNegative, x => x.NegativeLogLikelihood, (x, v) => x with { NegativeLogLikelihood = v });

    private static readonly JsonShape<SeedResult> Seed = new JsonShape<SeedResult>(Unset)
        .Required("seed", Unsigned, x => x.Seed, (x, v) => x with { Seed = v })
        .Required("model_sha256", Text, x => x.WeightsHash, (x, v) => x with { WeightsHash = v })
        .Required("validation", OrNull(Score), x => x.Validation, (x, v) => x with { Validation = v })
        .Required("test", OrNull(Score), x => x.Test, (x, v) => x with { Test = v });

    private static readonly JsonShape<SeedResult> Time = new JsonShape<SeedResult>(Unset)
        .Required("seed", Unsigned, x => x.Seed, (x, v) => x with { Seed = v })
        .Required("seconds", NotNegative, x => Math.Round(x.Seconds, 3), (x, v) => x with { Seconds = v })
        .Required("images_per_second", NotNegative, x => Math.Round(x.ImagesPerSecond, 1), (x, v) => x with { ImagesPerSecond = v });

    private static readonly JsonShape<Content> Study = new JsonShape<Content>(new([], 0, []))
        .Written("contract", x => x.Header["contract"]?.DeepClone())
        .Written("data", x => x.Header["data"]?.DeepClone())
        .Written("judged_by", x => x.Header["judged_by"]?.DeepClone())
        .Written("recipe", x => x.Header["recipe"]?.DeepClone())
        .Written("parameters", x => x.Parameters)
        .Required("seeds", List(Seed), x => x.Results, (x, v) => x with { Results = v })
        .Written("summary", x => Summary(x.Results));

    private static readonly JsonShape<IReadOnlyList<SeedResult>> Times = new JsonShape<IReadOnlyList<SeedResult>>([])
        .Required("seeds", List(Time), x => x, (_, v) => v);

    internal static string Key(StudyJudge judge) => judge == StudyJudge.Test ? "test" : "validation";

    internal static JsonObject Write(JsonObject header, int parameters, IReadOnlyCollection<SeedResult> results) =>
        Study.Write(new Content(header, parameters, [.. results]));

    internal static JsonObject WriteTimes(IReadOnlyCollection<SeedResult> results) => Times.Write([.. results]);

    /// <summary>What tells a study from every other.</summary>
    internal static JsonObject HeaderOf(string path)
    {
        JsonObject study = PackageJson.ReadObject(path, "Choose another output folder.");
        return [.. HeaderKeys.Select(key => KeyValuePair.Create(key, study[key]?.DeepClone()))];
    }

    internal static IReadOnlyList<SeedResult> Read(string studyPath, string timesPath)
    {
        IReadOnlyList<SeedResult> results = PackageJson.Read(studyPath, "a study", Study).Results;
        var times = PackageJson.Read(timesPath, "the times of a study", Times).ToDictionary(time => time.Seed);
        return [.. results.Select(result => times.TryGetValue(result.Seed, out SeedResult? time)
            ? result with { Seconds = time.Seconds, ImagesPerSecond = time.ImagesPerSecond }
            : throw new ModelFormatException(timesPath, $"the time of seed {result.Seed}", "none", "Choose another output folder."))];
    }

    private static JsonObject Summary(IReadOnlyList<SeedResult> results) => new()
    {
        ["n"] = results.Count,
        ["validation"] = Summary([.. results.Select(result => result.Validation).OfType<SplitScore>()]),
        ["test"] = Summary([.. results.Select(result => result.Test).OfType<SplitScore>()]),
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

    private sealed record Content(JsonObject Header, int Parameters, IReadOnlyList<SeedResult> Results);
}
