using System.Text.Json.Nodes;
using Inkling.Augmentation;
using Inkling.Engine;
using Inkling.Networks;
using Inkling.Preprocessing;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Training.Recipes;

/// <summary>The JSON form of a recipe, both ways. Schema: docs/formats.md#recipe.</summary>
public static class RecipeJson
{
    private static readonly JsonForm<double> Fraction = Number(0, 1);
    private static readonly JsonForm<double> BelowOne = Number(0, 1, belowMost: true);
    private static readonly JsonForm<double> LearningRate = Number(0, 100, aboveLeast: true);
    private static readonly JsonForm<double> Divisor = Number(1, 1e12);
    private static readonly JsonForm<int> Images = Integer(1, 65_536);

    private static readonly JsonShape<SplitRecipe> Split = new JsonShape<SplitRecipe>(new(0))
        .Required("validation", Number(0, int.MaxValue), x => x.Validation, (x, v) => x with { Validation = v })
        .Check("validation", x => x.Validation <= 1 || double.IsInteger(x.Validation) ? null
            : "expected a whole number of images, or a share below 1");

    private static readonly JsonShape<LossRecipe> Loss = new JsonShape<LossRecipe>(new(0))
        .Required("label_smoothing", BelowOne, x => x.LabelSmoothing, (x, v) => x with { LabelSmoothing = v });

    private static readonly JsonChoice<OptimizerRecipe> Optimizer = new JsonChoice<OptimizerRecipe>("An optimiser")
        .Kind("sgd", new JsonShape<SgdRecipe>(new(0, false, 0))
            .Required("momentum", BelowOne, x => x.Momentum, (x, v) => x with { Momentum = v })
            .Required("nesterov", Flag, x => x.Nesterov, (x, v) => x with { Nesterov = v })
            .Required("weight_decay", Fraction, x => x.WeightDecay, (x, v) => x with { WeightDecay = v }))
        .Kind("muon", new JsonShape<MuonRecipe>(new(0, 0, 0))
            .Required("momentum", BelowOne, x => x.Momentum, (x, v) => x with { Momentum = v })
            .Required("filter_rate", LearningRate, x => x.FilterRate, (x, v) => x with { FilterRate = v })
            .Required("weight_decay", Fraction, x => x.WeightDecay, (x, v) => x with { WeightDecay = v }))
        .Kind("adamw", new JsonShape<AdamWRecipe>(new(0, 0, 0, 0))
            .Required("beta1", BelowOne, x => x.Beta1, (x, v) => x with { Beta1 = v })
            .Required("beta2", BelowOne, x => x.Beta2, (x, v) => x with { Beta2 = v })
            .Required("epsilon", Number(0, 1, aboveLeast: true), x => x.Epsilon, (x, v) => x with { Epsilon = v })
            .Required("weight_decay", Fraction, x => x.WeightDecay, (x, v) => x with { WeightDecay = v }));

    private static readonly JsonChoice<LearningRateSchedule> Schedule = new JsonChoice<LearningRateSchedule>("A schedule")
        .Kind("one_cycle", new JsonShape<OneCycleSchedule>(new(0, 0, 0, 0))
            .Required("peak_learning_rate", LearningRate, x => x.PeakLearningRate, (x, v) => x with { PeakLearningRate = v })
            .Required("warmup_fraction", Fraction, x => x.WarmupFraction, (x, v) => x with { WarmupFraction = v })
            .Required("initial_divisor", Divisor, x => x.InitialDivisor, (x, v) => x with { InitialDivisor = v })
            .Required("final_divisor", Divisor, x => x.FinalDivisor, (x, v) => x with { FinalDivisor = v }))
        .Kind("cosine", new JsonShape<CosineSchedule>(new(0, 0, 0))
            .Required("peak_learning_rate", LearningRate, x => x.PeakLearningRate, (x, v) => x with { PeakLearningRate = v })
            .Required("warmup_fraction", Fraction, x => x.WarmupFraction, (x, v) => x with { WarmupFraction = v })
            .Required(
                "final_learning_rate",
                x => Number(0, x.PeakLearningRate > 0 ? x.PeakLearningRate : 100),
                x => x.FinalLearningRate,
                (x, v) => x with { FinalLearningRate = v }));

    private static readonly JsonShape<AveragingRecipe> Averaging = new JsonShape<AveragingRecipe>(new(0))
        .Required("decay", BelowOne, x => x.Decay, (x, v) => x with { Decay = v });

    /// <summary>A recipe's own file, in which an augmentation may go by the name of a preset.</summary>
    internal static JsonShape<Recipe> OfFile { get; } = Shape(OrNull(AugmentationPresets.Json));

    /// <summary>A recipe with every value, as in a lock: what a name stands for may change from version to version.</summary>
    internal static JsonShape<Recipe> InFull { get; } = Shape(OrNull(AugmentationPipeline.Json));

    /// <summary>The tree to write into a lock or a file, through <c>CanonicalJson</c>.</summary>
    public static JsonObject Write(Recipe recipe) => InFull.Write(recipe);

    private static JsonShape<Recipe> Shape(JsonForm<AugmentationPipeline?> augmentation) => new JsonShape<Recipe>(
        new("", "", 0, InputRecipe.Unset, new(0), null, null!, new(0), null!, null!, null, 0, 0, 0))
        .Required("name", ShortName, x => x.Name, (x, v) => x with { Name = v })
        .Required("description", Text, x => x.Description, (x, v) => x with { Description = v })
        .Required("seed", Unsigned, x => x.Seed, (x, v) => x with { Seed = v })
        .Required("input", InputRecipe.Json, x => x.Input, (x, v) => x with { Input = v })
        .Required("split", Split, x => x.Split, (x, v) => x with { Split = v })
        .Required("augmentation", augmentation, x => x.Augmentation, (x, v) => x with { Augmentation = v })
        .Required("network", NetworkRecipe.Json, x => x.Network, (x, v) => x with { Network = v })
        .Required("loss", Loss, x => x.Loss, (x, v) => x with { Loss = v })
        .Required("optimizer", Optimizer, x => x.Optimizer, (x, v) => x with { Optimizer = v })
        .Required("schedule", Schedule, x => x.Schedule, (x, v) => x with { Schedule = v })
        .Required("averaging", OrNull(Averaging), x => x.Averaging, (x, v) => x with { Averaging = v })
        .Required("epochs", Integer(1, 10_000), x => x.Epochs, (x, v) => x with { Epochs = v })
        .Required("batch_size", Images, x => x.BatchSize, (x, v) => x with { BatchSize = v })
        .Required("chunk_size", Images, x => x.ChunkSize, (x, v) => x with { ChunkSize = v })
        .Check("batch_size", x => x.ChunkSize == 0 || x.BatchSize % x.ChunkSize == 0 ? null
            : $"expected a multiple of chunk_size, {x.ChunkSize}; found {x.BatchSize}")
        .Optional("progressive_resizing", Resizing, x => x.ProgressiveResizing, (x, v) => x with { ProgressiveResizing = v })
        .Optional("refinement", x => Refinement(x, augmentation), x => x.Refinement, (x, v) => x with { Refinement = v });

    private static JsonShape<ProgressiveResizing> Resizing(Recipe recipe) => new JsonShape<ProgressiveResizing>(new(0, 0, 0))
        .Required("epochs", FewerEpochs(recipe), x => x.Epochs, (x, v) => x with { Epochs = v })
        .Required("height", Integer(1, Math.Max(1, recipe.Input.Height)), x => x.Height, (x, v) => x with { Height = v })
        .Required("width", Integer(1, Math.Max(1, recipe.Input.Width)), x => x.Width, (x, v) => x with { Width = v });

    private static JsonShape<Refinement> Refinement(Recipe recipe, JsonForm<AugmentationPipeline?> augmentation) =>
        new JsonShape<Refinement>(new(0, null, new(0)))
            .Required("epochs", FewerEpochs(recipe), x => x.Epochs, (x, v) => x with { Epochs = v })
            .Required("augmentation", augmentation, x => x.Augmentation, (x, v) => x with { Augmentation = v })
            .Required("loss", Loss, x => x.Loss, (x, v) => x with { Loss = v });

    private static JsonForm<int> FewerEpochs(Recipe recipe) => Integer(1, Math.Max(1, recipe.Epochs - 1));
}
