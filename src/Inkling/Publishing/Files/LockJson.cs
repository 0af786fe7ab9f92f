using Inkling.Packages;
using Inkling.Serialization;
using Inkling.Training.Recipes;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Publishing.Files;

/// <summary>The JSON form of a lock, both ways. Schema: docs/formats.md#lock.</summary>
internal static class LockJson
{
    internal static readonly JsonShape<LockedProduct> Product = new JsonShape<LockedProduct>(new("", "", ""))
        .Required("name", Text, x => x.Name, (x, v) => x with { Name = v })
        .Required("version", Text, x => x.Version, (x, v) => x with { Version = v })
        .Required("commit", Text, x => x.Commit, (x, v) => x with { Commit = v });

    internal static readonly JsonShape<LockedMachine> Machine = new JsonShape<LockedMachine>(new(0, "", 0, ""))
        .Required("processors", Integer(1), x => x.Processors, (x, v) => x with { Processors = v })
        .Required("architecture", Text, x => x.Architecture, (x, v) => x with { Architecture = v })
        .Required("vector_bits", Integer(), x => x.VectorBits, (x, v) => x with { VectorBits = v })
        .Required("os", Text, x => x.OperatingSystem, (x, v) => x with { OperatingSystem = v });

    private static readonly JsonShape<LockedFingerprints> Fingerprints = new JsonShape<LockedFingerprints>(new("", null))
        .Required("train", Sha256, x => x.Train, (x, v) => x with { Train = v })
        .Required("test", OrNull(Sha256), x => x.Test, (x, v) => x with { Test = v });

    private static readonly JsonShape<LockedExclusions> Exclusions = new JsonShape<LockedExclusions>(new(0, ""))
        .Required("count", Integer(), x => x.Count, (x, v) => x with { Count = v })
        .Required("sha256", Sha256, x => x.Sha256, (x, v) => x with { Sha256 = v });

    private static readonly JsonShape<LockedData> Data = new JsonShape<LockedData>(new("", NoHashes, new("", null), [], null))
        .Required("name", Text, x => x.Name, (x, v) => x with { Name = v })
        .Required("files", Map(Sha256), x => x.Files, (x, v) => x with { Files = v })
        .Required("fingerprints", Fingerprints, x => x.Fingerprints, (x, v) => x with { Fingerprints = v })
        .Required("classes", List(Text, 1, PackageJson.MaxClasses), x => x.Classes, (x, v) => x with { Classes = v })
        .Required("exclusions", OrNull(Exclusions), x => x.Exclusions, (x, v) => x with { Exclusions = v });

    private static readonly JsonShape<LockedSplit> Split = new JsonShape<LockedSplit>(new(0, 0, ""))
        .Required("train", Integer(1), x => x.Train, (x, v) => x with { Train = v })
        .Required("validation", Integer(), x => x.Validation, (x, v) => x with { Validation = v })
        .Required("hash", Sha256, x => x.Hash, (x, v) => x with { Hash = v });

    private static readonly JsonShape<LockedNormalization> Normalization = new JsonShape<LockedNormalization>(new([], []))
        .Required("mean", List(Number(0, 1), 1, 4), x => x.Mean, (x, v) => x with { Mean = v })
        .Required(
            "std", List(Number(0, 1, aboveLeast: true), 1, 4), x => x.StandardDeviation, (x, v) => x with { StandardDeviation = v });

    private static readonly JsonShape<LockedWeights> Weights = new JsonShape<LockedWeights>(new("", 0, []))
        .Required("initial", Sha256, x => x.Initial, (x, v) => x with { Initial = v })
        .Required("steps", Integer(), x => x.Steps, (x, v) => x with { Steps = v })
        .Required("epochs", List(Sha256, 0, 10_000), x => x.Epochs, (x, v) => x with { Epochs = v });

    /// <summary>The whole lock.</summary>
    internal static readonly JsonShape<PackageLock> Lock = new JsonShape<PackageLock>(
        new(0, null!, null!, 0, null!, null!, null!, null!, NoHashes, 0, null!))
        .Schema(PackageManifest.Schema)
        .Required("contract", Integer(1), x => x.Contract, (x, v) => x with { Contract = v })
        .Required("product", Product, x => x.Product, (x, v) => x with { Product = v })
        .Required("recipe", RecipeJson.InFull, x => x.Recipe, (x, v) => x with { Recipe = v })
        .Required("seed", Unsigned, x => x.Seed, (x, v) => x with { Seed = v })
        .Required("data", Data, x => x.Data, (x, v) => x with { Data = v })
        .Required("split", Split, x => x.Split, (x, v) => x with { Split = v })
        .Required("normalization", Normalization, x => x.Normalization, (x, v) => x with { Normalization = v })
        .Required("weights", Weights, x => x.Weights, (x, v) => x with { Weights = v })
        .Required("files", PackageFiles.HashesJson, x => x.Files, (x, v) => x with { Files = v })
        .Required("test_openings", Integer(), x => x.TestOpenings, (x, v) => x with { TestOpenings = v })
        .Required("machine", Machine, x => x.Machine, (x, v) => x with { Machine = v });

    private static Dictionary<string, string> NoHashes => [];
}
