using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.Publishing.Report;
using Inkling.Serialization;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Verification;

/// <summary>What of a lock, or of the files it speaks of, is not as it should be. The package's value always comes first.</summary>
internal static class LockComparison
{
    // Of the machine and the program that trained, and how often the test images were looked at: no part of a comparison.
    private static readonly string[] Circumstances = ["machine", "product", "test_openings"];

    private static readonly string[] Timings = ["seconds", "images_per_second"];

    /// <summary>A lock without what may differ between equal models.</summary>
    internal static JsonObject Comparable(PackageLock package)
    {
        JsonObject json = LockJson.Lock.Write(package);
        foreach (string key in Circumstances)
        {
            json.Remove(key);
        }

        return json;
    }

    /// <summary>What a lock says of its data, split and normalisation, against what data and recipe give; data first.</summary>
    internal static IEnumerable<JsonDifference> Inputs(PackageLock package, RunPlan plan)
    {
        PackageLock actual = package with
        {
            Data = package.Data with
            {
                Classes = plan.Dataset.ClassNames,
                Exclusions = LockedExclusions.Of(plan.Dataset),
                Fingerprints = package.Data.Fingerprints with { Train = plan.Dataset.Train.Fingerprint },
            },
            Normalization = LockedNormalization.Of(plan.Normalization),
            Split = LockedSplit.Of(plan.Split),
        };
        return JsonDifference.Between(Comparable(package), Comparable(actual));
    }

    /// <summary>Locks and numbers of two packages, and the figures that the first one's card claims.</summary>
    /// <param name="path">The package's folder.</param>
    /// <param name="package">Its lock.</param>
    /// <param name="rebuilt">The folder of the rebuilt package.</param>
    internal static IEnumerable<JsonDifference> Files(string path, PackageLock package, string rebuilt)
    {
        PackageLock other = PackageLock.Read(Path.Combine(rebuilt, PackageFiles.Lock));
        return JsonDifference.Between(Comparable(package), Comparable(other)).Select(difference => Of(PackageFiles.Lock, difference))
            .Concat(Metrics(path, rebuilt).Select(difference => Of(PackageFiles.Metrics, difference)))
            .Concat(Report(path, rebuilt))
            .Concat(CardComparison.Figures(path));
    }

    /// <summary>A lock's recipe against the one of that name that ships with the product: a hint, not a verdict.</summary>
    internal static IEnumerable<JsonDifference> RecipeOfThatName(PackageLock package) =>
        Recipe.BuiltIn.Contains(package.Recipe.Name)
            ? JsonDifference.Between(RecipeJson.Write(package.Recipe), RecipeJson.Write(Recipe.Load(package.Recipe.Name)))
                .Select(difference => Of($"{PackageFiles.Lock} against the shipped recipe {package.Recipe.Name}", difference))
            : [];

    /// <summary>The numbers of two packages, timings left out. What only the first has was added by another evaluation.</summary>
    internal static IEnumerable<JsonDifference> Metrics(string path, string rebuilt)
    {
        string file = Path.Combine(path, PackageFiles.Metrics);
        JsonObject published = File.Exists(file) ? MetricsFile.Read(file) : [];
        JsonObject actual = MetricsFile.Read(Path.Combine(rebuilt, PackageFiles.Metrics));
        foreach ((string name, JsonNode? section) in actual.Where(section => section.Key != MetricsFile.Speed).Order(KeyOrder))
        {
            var numbers = (JsonObject)section!.DeepClone();
            Array.ForEach(Timings, timing => numbers.Remove(timing));
            var claimed = new JsonObject();
            foreach ((string key, JsonNode? value) in published[name] as JsonObject ?? [])
            {
                if (numbers.ContainsKey(key))
                {
                    claimed[key] = value?.DeepClone();
                }
            }

            foreach (JsonDifference difference in JsonDifference.Between(
            new JsonObject { [name] = claimed }, new JsonObject { [name] = numbers }))
            {
                yield return difference;
            }
        }
    }

    /// <summary>
    /// The reports of two packages, circumstances left out. One that is absent or was written by another version isn't compared.
    /// </summary>
    private static IEnumerable<JsonDifference> Report(string path, string rebuilt)
    {
        string[] files = [Path.Combine(path, PackageFiles.Report), Path.Combine(rebuilt, PackageFiles.Report)];
        if (!files.All(File.Exists))
        {
            yield break;
        }

        string published = File.ReadAllText(files[0]);
        if (ReportPage.IsOfThisProduct(published)
            && ReportPage.WithoutCircumstances(published) != ReportPage.WithoutCircumstances(File.ReadAllText(files[1])))
        {
            yield return new JsonDifference(PackageFiles.Report, "another page", "the page that comes of the model");
        }
    }

    private static Comparer<KeyValuePair<string, JsonNode?>> KeyOrder { get; } =
        Comparer<KeyValuePair<string, JsonNode?>>.Create((x, y) => string.CompareOrdinal(x.Key, y.Key));

    private static JsonDifference Of(string file, JsonDifference difference) => difference with { Path = $"{file} {difference.Path}" };
}
