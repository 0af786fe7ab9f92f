using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Serialization;
using Inkling.Training.Recipes;

namespace Inkling.Publishing.Files;

/// <summary>The JSON form of a lock, both ways. Schema: docs/formats.md#lock.</summary>
internal static class LockJson
{
    public static JsonObject Write(PackageLock package) => new()
    {
        ["schema"] = PackageManifest.Schema,
        ["contract"] = package.Contract,
        ["product"] = new JsonObject
        {
            ["name"] = package.Product.Name,
            ["version"] = package.Product.Version,
            ["commit"] = package.Product.Commit,
        },
        ["recipe"] = RecipeJson.Write(package.Recipe),
        ["seed"] = package.Seed,
        ["data"] = new JsonObject
        {
            ["name"] = package.Data.Name,
            ["files"] = Map(package.Data.Files),
            ["fingerprints"] = new JsonObject
            {
                ["train"] = package.Data.Fingerprints.Train,
                ["test"] = package.Data.Fingerprints.Test,
            },
            ["classes"] = PackageJson.Array(package.Data.Classes),
            ["exclusions"] = Write(package.Data.Exclusions),
        },
        ["split"] = new JsonObject
        {
            ["train"] = package.Split.Train,
            ["validation"] = package.Split.Validation,
            ["hash"] = package.Split.Hash,
        },
        ["normalization"] = new JsonObject
        {
            ["mean"] = PackageJson.Array(package.Normalization.Mean),
            ["std"] = PackageJson.Array(package.Normalization.StandardDeviation),
        },
        ["weights"] = new JsonObject
        {
            ["initial"] = package.Weights.Initial,
            ["steps"] = package.Weights.Steps,
            ["epochs"] = PackageJson.Array(package.Weights.Epochs),
        },
        ["files"] = Map(package.Files),
        ["test_openings"] = package.TestOpenings,
        ["machine"] = new JsonObject
        {
            ["processors"] = package.Machine.Processors,
            ["architecture"] = package.Machine.Architecture,
            ["vector_bits"] = package.Machine.VectorBits,
            ["os"] = package.Machine.OperatingSystem,
        },
    };

    public static PackageLock Read(StrictValue value)
    {
        if (!PackageManifest.HasKnownSchema(value))
        {
            // The keys of another schema aren't known, so there is nothing else to check.
            return null!;
        }

        StrictObject package = value.Object(
            "schema", "contract", "product", "recipe", "seed", "data", "split", "normalization", "weights", "files",
            "test_openings", "machine");
        return new PackageLock(
            package["contract"].Integer(1, int.MaxValue),
            ReadProduct(package["product"].Object("name", "version", "commit")),
            RecipeJson.Read(package["recipe"], inFull: true),
            package["seed"].UnsignedInteger(),
            ReadData(package["data"].Object("name", "files", "fingerprints", "classes", "exclusions")),
            ReadSplit(package["split"].Object("train", "validation", "hash")),
            ReadNormalization(package["normalization"].Object("mean", "std")),
            ReadWeights(package["weights"].Object("initial", "steps", "epochs")),
            PackageManifest.ReadFiles(package["files"]),
            package["test_openings"].Integer(0, int.MaxValue),
            ReadMachine(package["machine"].Object("processors", "architecture", "vector_bits", "os")));
    }

    private static LockedProduct ReadProduct(StrictObject product) =>
        new(product["name"].Text(), product["version"].Text(), product["commit"].Text());

    private static LockedData ReadData(StrictObject data)
    {
        StrictObject fingerprints = data["fingerprints"].Object("train", "test");
        return new LockedData(
            data["name"].Text(),
            data["files"].Map(hash => hash.Sha256()),
            new LockedFingerprints(fingerprints["train"].Sha256(), fingerprints["test"].IsNull ? null : fingerprints["test"].Sha256()),
            data["classes"].List(new Interval(1, PackageJson.MaxClasses), name => name.Text()),
            data["exclusions"].IsNull ? null : ReadExclusions(data["exclusions"].Object("count", "sha256")));
    }

    private static JsonObject? Write(LockedExclusions? exclusions) => exclusions is null
        ? null
        : new JsonObject { ["count"] = exclusions.Count, ["sha256"] = exclusions.Sha256 };

    private static LockedExclusions ReadExclusions(StrictObject exclusions) =>
        new(exclusions["count"].Integer(0, int.MaxValue), exclusions["sha256"].Sha256());

    private static LockedSplit ReadSplit(StrictObject split) => new(
        split["train"].Integer(1, int.MaxValue), split["validation"].Integer(0, int.MaxValue), split["hash"].Sha256());

    private static LockedNormalization ReadNormalization(StrictObject normalization)
    {
        var channels = new Interval(1, 4);
        return new LockedNormalization(
            normalization["mean"].List(channels, mean => mean.Number(new Interval(0, 1))),
            normalization["std"].List(channels, deviation => deviation.Number(new Interval(0, 1, LowOpen: true))));
    }

    private static LockedWeights ReadWeights(StrictObject weights) =>
        new(weights["initial"].Sha256(), weights["steps"].Integer(0, int.MaxValue), weights["epochs"].List(new Interval(0, 10_000), hash => hash.Sha256()));

    private static LockedMachine ReadMachine(StrictObject machine) => new(
        machine["processors"].Integer(1, int.MaxValue),
        machine["architecture"].Text(),
        machine["vector_bits"].Integer(0, int.MaxValue),
        machine["os"].Text());

    private static JsonObject Map(IReadOnlyDictionary<string, string> pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
