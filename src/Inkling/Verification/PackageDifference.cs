using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Verification;

/// <summary>What differs between two packages, or two locks: causes before effects, so the first difference comes first.</summary>
/// <param name="Locks">Places in the locks.</param>
/// <param name="Loss">The first loss that differs; null if none does, or one of the two is only a lock.</param>
/// <param name="Tensor">The first value of the models that differs, likewise.</param>
/// <param name="Metrics">Numbers in <c>metrics.json</c>, likewise.</param>
public sealed record PackageDifference(
    IReadOnlyList<JsonDifference> Locks, LossDifference? Loss, TensorDifference? Tensor, IReadOnlyList<JsonDifference> Metrics)
{
    /// <summary>Sections of a lock in the order in which one decides the next.</summary>
    private static readonly string[] CausalOrder =
        ["schema", "contract", "data", "recipe", "seed", "split", "normalization", "weights", "files"];

    private const string InitialWeights = "$.weights.initial";

    /// <summary>Whether nothing differs.</summary>
    public bool IsNone => Locks.Count == 0 && Loss is null && Tensor is null && Metrics.Count == 0;

    /// <summary>Compares.</summary>
    /// <param name="first">A package folder or a lock file.</param>
    /// <param name="second">The other.</param>
    /// <exception cref="ModelFormatException">One of them is malformed.</exception>
    /// <exception cref="IOException">One of them is absent.</exception>
    public static PackageDifference Between(string first, string second)
    {
        JsonDifference[] locks = [.. OfLocks(LockOf(first), LockOf(second))];
        if (!Directory.Exists(first) || !Directory.Exists(second))
        {
            return new PackageDifference(locks, null, null, []);
        }

        using TrainedPackage a = TrainedPackage.Open(first);
        using TrainedPackage b = TrainedPackage.Open(second);
        bool sameShape = JsonNode.DeepEquals(NetworkOf(a.Lock), NetworkOf(b.Lock)) && a.Classes.Count == b.Classes.Count;
        return new PackageDifference(
            locks,
            LossDifference.FirstOf(a.ReadLosses(), b.ReadLosses()),
            sameShape ? SideBySide.Compare(a.Weights, b.Weights) : null,
            [.. LockComparison.Metrics(first, second)]);
    }

    private static PackageLock LockOf(string path) =>
        PackageLock.Read(Directory.Exists(path) ? Path.Combine(path, PackageFiles.Lock) : path);

    private static JsonNode? NetworkOf(PackageLock package) => LockComparison.Comparable(package)["recipe"]!["network"];

    private static IEnumerable<JsonDifference> OfLocks(PackageLock first, PackageLock second)
    {
        JsonObject a = LockComparison.Comparable(first);
        JsonObject b = LockComparison.Comparable(second);
        return CausalOrder.SelectMany(key => JsonDifference.Between(
                new JsonObject { [key] = a[key]?.DeepClone() }, new JsonObject { [key] = b[key]?.DeepClone() })
            .OrderByDescending(difference => difference.Path == InitialWeights));
    }
}
