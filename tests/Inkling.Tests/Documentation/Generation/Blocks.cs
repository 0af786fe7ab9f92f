using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Publishing.Card;
using Inkling.Publishing.Files;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Documentation.Generation;

/// <summary>The generated texts of README.md.</summary>
internal static class Blocks
{
    /// <summary>Checks that a first look at a dataset makes; the others are listed if they found something.</summary>
    private static readonly string[] FirstLook = ["images", "unreadable", "empty_classes", "class_balance", "normalization", "exact_duplicates", "leakage", "conflicting_labels", "label_errors"];

    /// <summary>Name and text of each.</summary>
    internal static IReadOnlyDictionary<string, string> Of(Artefacts artefacts) => new Dictionary<string, string>
    {
        ["result"] = Result(artefacts),
        ["quality"] = Quality(artefacts),
        ["augmentation"] = Settings((JsonObject?)RecipeJson.Write(artefacts.Card.Lock.Recipe)["augmentation"] ?? []),
        ["architecture"] = LayerTable.Of(artefacts.Card.Lock.Recipe.Build(classes: 10)),
        ["training"] = Training(artefacts),
        ["evaluation"] = Evaluation(artefacts.Card),
        ["recipes"] = Recipes(artefacts),
    };

    private static string Result(Artefacts artefacts)
    {
        CardFacts card = artefacts.Card;
        JsonNode test = card.Test!;
        JsonNode train = card.Metrics["train"]!;

        // Only the matrices of basic go through PyTorch's BLAS; Debian's reference one is no match.
        string pyTorch = BenchmarkResults.Ratios(
            artefacts.Root,
            "PyTorch",
            row => row["figure"] == "train_images_per_second"
                && (row["network"] != "basic" || row.GetValueOrDefault("PyTorch's BLAS", "OpenBLAS").StartsWith(
                    "OpenBLAS", StringComparison.Ordinal)));
        string onnxRuntime = BenchmarkResults.Ratios(artefacts.Root, "ONNX Runtime", row => row["batch"] != "1");
        return string.Create(CultureInfo.InvariantCulture, $"""
            | | |
            |---|---|
            | accuracy | **{CardNumbers.Percent(test["accuracy"])}** of the {test["n"]!.GetValue<int>():N0} test images, {CardNumbers.Interval(test["accuracy_interval95"])} at 95 % |
            | training | {train["seconds"]!.GetValue<double>():F0} s on {card.Lock.Machine.Processors} cores; {pyTorch} times as fast as PyTorch |
            | inference | {onnxRuntime} times as many images a second as ONNX Runtime ([figures](benchmarks/results), [how](docs/performance.md)) |
            | the same bytes | with 1 to 7 threads, AVX-512, AVX2, SSE and no vector instructions, JIT and native AOT, glibc and musl, x64 and Arm64 ([evidence](docs/evidence.md)) |
            | size | {card.Metrics["model"]!["parameters"]!.GetValue<int>():N0} parameters, {new FileInfo(Path.Combine(artefacts.Package, PackageFiles.Weights)).Length / 1e6:F1} MB |
            | identity | SHA-256 `{card.Metrics["model"]!["sha256"]}` |
            | needs | the .NET 10 SDK; no Python, no native engine, and no network once packages are restored |
            """);
    }

    private static string Quality(Artefacts artefacts)
    {
        var text = new StringBuilder("| check | images | value | verdict | finding |\n|---|---|---:|---|---|\n");
        foreach (JsonNode? check in artefacts.Quality["checks"]!.AsArray())
        {
            string verdict = (string)check!["verdict"]!;
            if (verdict != "passed" || FirstLook.Contains((string)check["id"]!))
            {
                double value = check["value"]!.GetValue<double>();
                text.Append(CultureInfo.InvariantCulture, $"| {check["title"]} | {check["split"]} | {value.ToString(double.IsInteger(value) ? "N0" : "F4", CultureInfo.InvariantCulture)} | {verdict} | {CardNumbers.Cell((string)check["finding"]!)} |\n");
            }
        }

        JsonArray errors = artefacts.Quality["label_errors"]!.AsArray();
        return text.Append(CultureInfo.InvariantCulture, $"\n{errors.Count:N0} labels are doubtful to models that have not seen the image; in {errors.Count(error => (bool)error!["confident"]!):N0} of them confident learning sees another digit. People who looked again rejected the labels of {RejectedLabels.Of(artefacts.Split("test")).Count} test images (Northcutt et al.).").ToString();
    }

    private static string Training(Artefacts artefacts)
    {
        PackageLock package = artefacts.Card.Lock;
        JsonObject recipe = RecipeJson.Write(package.Recipe);
        foreach (string key in (string[])["name", "description", "seed", "augmentation", "network", "split"])
        {
            recipe.Remove(key);
        }

        return Settings(recipe) + string.Create(CultureInfo.InvariantCulture, $"""

            | images to train and to choose by | {package.Split.Train:N0} and {package.Split.Validation:N0} |
            | steps | {package.Weights.Steps:N0} |
            | seed | {package.Seed} |
            """);
    }

    private static string Evaluation(CardFacts card) =>
        (Body(CardNumbers.Write(card)!)
            + (card.Test!["reliability"] is null ? "" : "\n![How sure the model was of its answers, against how many of them were right](docs/images/reliability.svg)\n")
            + (CardRobustness.Write(card) is { } robustness ? "\n#" + robustness : "")).TrimEnd('\n');

    /// <summary>A section of a card without its heading.</summary>
    private static string Body(string section) => section[(section.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];

    private static string Recipes(Artefacts artefacts)
    {
        var text = new StringBuilder("| recipe | epochs | parameters | test accuracy | training |\n|---|---:|---:|---|---:|\n");
        foreach (Recipe recipe in artefacts.Recipes)
        {
            (string Cpu, IReadOnlyDictionary<string, string> Row)? measured = BenchmarkResults.OfRecipe(artefacts.Root, recipe.Name);
            string training = measured is { } found ? $"{found.Row["training"]} ({found.Cpu})" : "";
            text.Append(CultureInfo.InvariantCulture, $"| [`{recipe.Name}`](recipes/{recipe.Name}.json) | {recipe.Epochs} | {recipe.Build(classes: 10).ParameterCount:N0} | {measured?.Row["test accuracy"] ?? "not measured"} | {training} |\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>A JSON object as a table: a row a value, named by its path.</summary>
    private static string Settings(JsonObject settings) =>
        string.Join('\n', ["| setting | value |", "|---|---|", .. Rows("", settings)]);

    private static IEnumerable<string> Rows(string path, JsonNode? value) => value is JsonObject members
        ? members.SelectMany(member => Rows(path.Length == 0 ? member.Key : $"{path}, {member.Key}", member.Value))
        : [$"| {path.Replace('_', ' ')} | {value?.ToJsonString() ?? "none"} |"];
}
