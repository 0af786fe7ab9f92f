using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Networks;
using Inkling.Packages;
using Inkling.Publishing.Files;

namespace Inkling.Publishing.Card;

/// <summary>What a model card is made from: files of the package and nothing else.</summary>
/// <param name="Name">What the card calls the model: its repository on the Hub, or the dataset's and the recipe's names.</param>
/// <param name="Lock">How it was made.</param>
/// <param name="Config">Its network and classes.</param>
/// <param name="Metrics"><c>metrics.json</c>.</param>
internal sealed record CardFacts(string Name, PackageLock Lock, HuggingFaceConfig Config, JsonObject Metrics)
{
    /// <summary>What is known about the data, whose name the lock has.</summary>
    internal CardDataset Dataset { get; } = CardDataset.Named(Lock.Data.Name);

    /// <summary>The folder that the snippets expect the package in.</summary>
    internal string Folder => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>The network's sizes if Hugging Face's libraries know it.</summary>
    internal ResNet? ResNet => (Config.Network as ResNetRecipe)?.Architecture;

    /// <summary>Metrics over the test images; null if there are none.</summary>
    internal JsonNode? Test => Metrics["test"];

    /// <summary>What it is worth on spoiled images; null if that wasn't measured.</summary>
    internal JsonObject? Robustness => Metrics[MetricsFile.Robustness] as JsonObject;

    /// <summary>Pictures that come with the package, each with the model's answer.</summary>
    internal IReadOnlyList<(string File, JsonNode Answer)> Samples =>
        Metrics["samples"] is JsonObject samples ? [.. samples.Select(sample => (sample.Key, sample.Value!))] : [];

    /// <summary>A picture to try the model with.</summary>
    internal string Picture => Samples.Count > 0 ? $"{Folder}/{Samples[0].File}" : "picture.png";

    /// <summary>Reads the facts.</summary>
    /// <param name="folder">The package.</param>
    /// <param name="name">The repository's name on the Hub; null for a package that has none yet.</param>
    internal static CardFacts Read(string folder, string? name)
    {
        PackageLock packageLock = PackageLock.Read(Path.Combine(folder, PackageFiles.Lock));
        return new CardFacts(
            name ?? $"{DatasetName.Short(packageLock.Data.Name)}-{packageLock.Recipe.Name}",
            packageLock,
            HuggingFaceConfig.Read(Path.Combine(folder, PackageFiles.Config)),
            MetricsFile.Read(Path.Combine(folder, PackageFiles.Metrics)));
    }
}
