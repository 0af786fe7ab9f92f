using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;
using Inkling.Serialization;
using Inkling.Training.Recipes;

namespace Inkling.Training;

/// <summary>All that decides a run, found before any training. Immutable.</summary>
internal sealed class RunPlan
{
    private readonly Network _firstNetwork;

    /// <exception cref="RecipeException">The recipe doesn't fit the dataset, or its layers don't fit each other.</exception>
    internal RunPlan(ImageDataset dataset, Recipe recipe, ulong? seed, int? maxSteps)
    {
        Dataset = dataset;
        Recipe = recipe;
        Seed = seed ?? recipe.Seed;
        Network = BuildNetwork(dataset, recipe);
        _firstNetwork = recipe.ProgressiveResizing is { } resizing ? BuildFirstNetwork(Network, recipe, resizing) : Network;
        Split = Divide(dataset, recipe, Seed);
        Normalization = Normalization.Measure(dataset.Train, Split.Train);
        StepsPerEpoch = Split.Train.Length / recipe.BatchSize;
        if (StepsPerEpoch == 0)
        {
            throw Fault(recipe, "$.batch_size", $"expected at most the {Split.Train.Length} training images; found {recipe.BatchSize}");
        }

        long steps = (long)StepsPerEpoch * recipe.Epochs;
        ScheduledSteps = steps <= int.MaxValue
            ? (int)steps
            : throw Fault(recipe, "$.epochs", $"expected at most {int.MaxValue} steps in all; found {steps}");
        TotalSteps = Math.Min(ScheduledSteps, maxSteps ?? int.MaxValue);
    }

    internal ImageDataset Dataset { get; }

    internal Recipe Recipe { get; }

    internal ulong Seed { get; }

    internal Network Network { get; }

    /// <summary>The network as it trains in an epoch: the same parameters, maybe at a smaller input.</summary>
    /// <param name="epoch">From 0.</param>
    internal Network NetworkIn(int epoch) => epoch < Recipe.ProgressiveResizing?.Epochs ? _firstNetwork : Network;

    internal DataSplit Split { get; }

    /// <summary>Of the images that train.</summary>
    internal Normalization Normalization { get; }

    internal int StepsPerEpoch { get; }

    /// <summary>Steps of all epochs, which the learning rate's schedule spans.</summary>
    internal int ScheduledSteps { get; }

    /// <summary>Steps until the end; fewer than all epochs' if the run is cut.</summary>
    internal int TotalSteps { get; }

    /// <summary>Epochs until the end, the last of which may be cut short.</summary>
    internal int Epochs => (TotalSteps + StepsPerEpoch - 1) / StepsPerEpoch;

    /// <summary>What the first steps cost, in multiply-adds of an image a step: small images take less time.</summary>
    internal double WorkOf(int steps) => Recipe.MultiplyAddsOf(steps, StepsPerEpoch, _firstNetwork, Network);

    /// <summary>Batches that a layer's batch norm has seen after so many steps.</summary>
    internal long BatchesTracked(int steps) => (long)steps * (Recipe.BatchSize / Recipe.ChunkSize);

    /// <summary>The state before the first step; its initial hash is not known yet.</summary>
    internal RunState Begin() => new(
        Network.Initialize(Seed),
        Recipe.Averaging is null ? null : Network.Initialize(Seed),
        Recipe.Optimizer.Create(Network),
        Recipe.BatchSize / Recipe.ChunkSize);

    /// <summary>The training images as the network sees them.</summary>
    internal TrainingImages CreateImages() => new(Dataset.Train, Split.Train, Recipe, Normalization, Seed);

    /// <summary>The training images' indices in the order of an epoch.</summary>
    /// <param name="epoch">From 0.</param>
    internal int[] Shuffle(int epoch)
    {
        int[] order = new RandomStream(Seed, RandomPurpose.Shuffle, (uint)epoch).Permutation(Split.Train.Length);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = Split.Train[order[i]];
        }

        return order;
    }

    /// <summary>What tells this run from every other, as JSON.</summary>
    internal JsonObject ToJson() =>
        Identity(NumericContract.Number, Dataset.Name, Dataset.Train.Fingerprint, Recipe, Seed, Split.Hash, TotalSteps);

    /// <summary>What tells a run from every other, as JSON.</summary>
    internal static JsonObject Identity(
        int contract, string data, string trainFingerprint, Recipe recipe, ulong seed, string splitHash, int steps) => new()
    {
        ["contract"] = contract,
        ["data"] = new JsonObject { ["name"] = data, ["train"] = trainFingerprint },
        ["recipe"] = RecipeJson.Write(recipe),
        ["seed"] = seed,
        ["split"] = splitHash,
        ["steps"] = steps,
    };

    private static Network BuildNetwork(ImageDataset dataset, Recipe recipe)
    {
        if (recipe.Input.Channels != dataset.Channels)
        {
            throw Fault(
                recipe, "$.input.channels", $"expected {dataset.Channels}, the channels of {dataset.Name}; found {recipe.Input.Channels}");
        }

        try
        {
            Network network = recipe.Build(dataset.ClassNames.Count);
            return network.Classes == dataset.ClassNames.Count
                ? network
                : throw Fault(recipe, "$.network", $"expected {dataset.ClassNames.Count} logits, the classes of {dataset.Name}; found {network.Classes}");
        }
        catch (Exception e) when (e is ShapeMismatchException or ArgumentException)
        {
            throw Fault(recipe, "$.network", e.Message);
        }
    }

    private static Network BuildFirstNetwork(Network whole, Recipe recipe, ProgressiveResizing resizing)
    {
        const string Path = "$.progressive_resizing";
        try
        {
            Network network = resizing.Shrink(whole);
            return network.HasParametersOf(whole)
                ? network
                : throw Fault(
                    recipe, Path, "expected a network whose weights don't depend on the image's size, as one that ends in a global pool");
        }
        catch (ShapeMismatchException e)
        {
            throw Fault(recipe, Path, e.Message);
        }
    }

    private static DataSplit Divide(ImageDataset dataset, Recipe recipe, ulong seed)
    {
        try
        {
            return dataset.Split(recipe.Split.CountOf(dataset.Train.Count), seed);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Fault(
                recipe, "$.split.validation", $"expected to leave some of the {dataset.Train.Count} images of {dataset.Name} to train with; found {recipe.Split.Validation}");
        }
    }

    private static RecipeException Fault(Recipe recipe, string path, string message) =>
        new(recipe.Name, [new JsonFault(path, null, message)]);
}
