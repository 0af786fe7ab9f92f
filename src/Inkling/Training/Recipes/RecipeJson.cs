using System.Text.Json.Nodes;
using Inkling.Augmentation;
using Inkling.Engine;
using Inkling.Networks;
using Inkling.Preprocessing;
using Inkling.Serialization;

namespace Inkling.Training.Recipes;

/// <summary>The JSON form of a recipe, both ways. Schema: docs/formats.md#recipe.</summary>
public static class RecipeJson
{
    private const string ResizingKey = "progressive_resizing";
    private const string RefinementKey = "refinement";

    private static readonly Interval Fraction = new(0, 1);
    private static readonly Interval BelowOne = new(0, 1, HighOpen: true);
    private static readonly Interval LearningRate = new(0, 100, LowOpen: true);
    private static readonly Interval Divisor = new(1, 1e12);

    /// <summary>The tree to write into a lock or a file, through <c>CanonicalJson</c>.</summary>
    public static JsonObject Write(Recipe recipe)
    {
        JsonObject json = WriteRequired(recipe);
        if (recipe.ProgressiveResizing is { } resizing)
        {
            json[ResizingKey] = new JsonObject { ["epochs"] = resizing.Epochs, ["height"] = resizing.Height, ["width"] = resizing.Width };
        }

        if (recipe.Refinement is { } refinement)
        {
            json[RefinementKey] = new JsonObject
            {
                ["epochs"] = refinement.Epochs,
                ["augmentation"] = WriteAugmentation(refinement.Augmentation),
                ["loss"] = WriteLoss(refinement.Loss),
            };
        }

        return json;
    }

    private static JsonObject WriteRequired(Recipe recipe) => new()
    {
        ["name"] = recipe.Name,
        ["description"] = recipe.Description,
        ["seed"] = recipe.Seed,
        ["input"] = InputJson.Write(recipe.Input),
        ["split"] = new JsonObject { ["validation"] = recipe.Split.Validation },
        ["augmentation"] = WriteAugmentation(recipe.Augmentation),
        ["network"] = NetworkJson.Write(recipe.Network),
        ["loss"] = WriteLoss(recipe.Loss),
        ["optimizer"] = WriteOptimizer(recipe.Optimizer),
        ["schedule"] = WriteSchedule(recipe.Schedule),
        ["averaging"] = recipe.Averaging is not { } averaging ? null : new JsonObject { ["decay"] = averaging.Decay },
        ["epochs"] = recipe.Epochs,
        ["batch_size"] = recipe.BatchSize,
        ["chunk_size"] = recipe.ChunkSize,
    };

    /// <param name="value">The recipe.</param>
    /// <param name="inFull">Whether every value has to stand there, as in a lock: what a name stands for may change from version to version.</param>
    internal static Recipe Read(StrictValue value, bool inFull)
    {
        StrictObject recipe = value.Object(
            [
                "name", "description", "seed", "input", "split", "augmentation", "network", "loss", "optimizer", "schedule",
                "averaging", "epochs", "batch_size", "chunk_size",
            ],
            [ResizingKey, RefinementKey]);
        var read = new Recipe(
            recipe["name"].Text(ShortName.IsValid, ShortName.Description),
            recipe["description"].Text(),
            recipe["seed"].UnsignedInteger(),
            InputJson.Read(recipe["input"]),
            ReadSplit(recipe["split"].Object("validation")["validation"]),
            ReadAugmentation(recipe["augmentation"], inFull),
            NetworkJson.Read(recipe["network"]),
            ReadLoss(recipe["loss"]),
            ReadOptimizer(recipe["optimizer"]),
            ReadSchedule(recipe["schedule"]),
            recipe["averaging"].IsNull ? null : new AveragingRecipe(recipe["averaging"].Object("decay")["decay"].Number(BelowOne)),
            recipe["epochs"].Integer(1, 10_000),
            ReadBatchSize(recipe, out int chunkSize),
            chunkSize);
        return read with
        {
            ProgressiveResizing = recipe[ResizingKey].IsMissing
                ? null
                : ReadResizing(recipe[ResizingKey].Object("epochs", "height", "width"), read),
            Refinement = recipe[RefinementKey].IsMissing
                ? null
                : ReadRefinement(recipe[RefinementKey].Object("epochs", "augmentation", "loss"), read, inFull),
        };
    }

    private static ProgressiveResizing ReadResizing(StrictObject resizing, Recipe recipe) => new(
        resizing["epochs"].Integer(1, Math.Max(1, recipe.Epochs - 1)),
        resizing["height"].Integer(1, Math.Max(1, recipe.Input.Height)),
        resizing["width"].Integer(1, Math.Max(1, recipe.Input.Width)));

    private static Refinement ReadRefinement(StrictObject refinement, Recipe recipe, bool inFull) => new(
        refinement["epochs"].Integer(1, Math.Max(1, recipe.Epochs - 1)),
        ReadAugmentation(refinement["augmentation"], inFull),
        ReadLoss(refinement["loss"]));

    private static AugmentationPipeline? ReadAugmentation(StrictValue value, bool inFull) =>
        value.IsNull ? null : AugmentationJson.Read(value, inFull);

    private static LossRecipe ReadLoss(StrictValue loss) => new(loss.Object("label_smoothing")["label_smoothing"].Number(BelowOne));

    private static SplitRecipe ReadSplit(StrictValue validation)
    {
        double count = validation.Number(new Interval(0, int.MaxValue));
        if (count > 1 && !double.IsInteger(count))
        {
            validation.Fault("expected a whole number of images, or a share below 1");
        }

        return new SplitRecipe(count);
    }

    private static OptimizerRecipe ReadOptimizer(StrictValue value)
    {
        switch (value.Choice("sgd", "muon", "adamw"))
        {
            case ("muon", var settings):
                StrictObject muon = settings.Object("momentum", "filter_rate", "weight_decay");
                return new MuonRecipe(
                    muon["momentum"].Number(BelowOne),
                    muon["filter_rate"].Number(LearningRate),
                    muon["weight_decay"].Number(Fraction));
            case ("adamw", var settings):
                StrictObject adamW = settings.Object("beta1", "beta2", "epsilon", "weight_decay");
                return new AdamWRecipe(
                    adamW["beta1"].Number(BelowOne),
                    adamW["beta2"].Number(BelowOne),
                    adamW["epsilon"].Number(new Interval(0, 1, LowOpen: true)),
                    adamW["weight_decay"].Number(Fraction));
            case ("sgd", var settings):
                StrictObject sgd = settings.Object("momentum", "nesterov", "weight_decay");
                return new SgdRecipe(
                    sgd["momentum"].Number(BelowOne),
                    sgd["nesterov"].Flag(),
                    sgd["weight_decay"].Number(Fraction));
            default:
                return new SgdRecipe(0, false, 0);
        }
    }

    private static LearningRateSchedule ReadSchedule(StrictValue value)
    {
        switch (value.Choice("one_cycle", "cosine"))
        {
            case ("one_cycle", var settings):
                StrictObject oneCycle = settings.Object("peak_learning_rate", "warmup_fraction", "initial_divisor", "final_divisor");
                return new OneCycleSchedule(
                    oneCycle["peak_learning_rate"].Number(LearningRate),
                    oneCycle["warmup_fraction"].Number(Fraction),
                    oneCycle["initial_divisor"].Number(Divisor),
                    oneCycle["final_divisor"].Number(Divisor));
            case ("cosine", var settings):
                StrictObject cosine = settings.Object("peak_learning_rate", "warmup_fraction", "final_learning_rate");
                double peak = cosine["peak_learning_rate"].Number(LearningRate);
                return new CosineSchedule(
                    peak,
                    cosine["warmup_fraction"].Number(Fraction),
                    cosine["final_learning_rate"].Number(peak > 0 ? new Interval(0, peak) : LearningRate with { LowOpen = false }));
            default:
                return new CosineSchedule(0, 0, 0);
        }
    }

    private static int ReadBatchSize(StrictObject recipe, out int chunkSize)
    {
        int batchSize = recipe["batch_size"].Integer(1, 65_536);
        chunkSize = recipe["chunk_size"].Integer(1, 65_536);
        if (chunkSize > 0 && batchSize % chunkSize != 0)
        {
            recipe["batch_size"].Fault($"expected a multiple of chunk_size, {chunkSize}; found {batchSize}");
        }

        return batchSize;
    }

    private static JsonObject? WriteAugmentation(AugmentationPipeline? augmentation) =>
        augmentation is null ? null : AugmentationJson.Write(augmentation);

    private static JsonObject WriteLoss(LossRecipe loss) => new() { ["label_smoothing"] = loss.LabelSmoothing };

    private static JsonObject WriteOptimizer(OptimizerRecipe optimizer) => optimizer switch
    {
        SgdRecipe sgd => new JsonObject
        {
            ["sgd"] = new JsonObject
            {
                ["momentum"] = sgd.Momentum,
                ["nesterov"] = sgd.Nesterov,
                ["weight_decay"] = sgd.WeightDecay,
            },
        },
        MuonRecipe muon => new JsonObject
        {
            ["muon"] = new JsonObject
            {
                ["momentum"] = muon.Momentum,
                ["filter_rate"] = muon.FilterRate,
                ["weight_decay"] = muon.WeightDecay,
            },
        },
        AdamWRecipe adamW => new JsonObject
        {
            ["adamw"] = new JsonObject
            {
                ["beta1"] = adamW.Beta1,
                ["beta2"] = adamW.Beta2,
                ["epsilon"] = adamW.Epsilon,
                ["weight_decay"] = adamW.WeightDecay,
            },
        },
        _ => throw new ArgumentException($"An optimiser of type {optimizer.GetType().Name} has no JSON form."),
    };

    private static JsonObject WriteSchedule(LearningRateSchedule schedule) => schedule switch
    {
        OneCycleSchedule oneCycle => new JsonObject
        {
            ["one_cycle"] = new JsonObject
            {
                ["peak_learning_rate"] = oneCycle.PeakLearningRate,
                ["warmup_fraction"] = oneCycle.WarmupFraction,
                ["initial_divisor"] = oneCycle.InitialDivisor,
                ["final_divisor"] = oneCycle.FinalDivisor,
            },
        },
        CosineSchedule cosine => new JsonObject
        {
            ["cosine"] = new JsonObject
            {
                ["peak_learning_rate"] = cosine.PeakLearningRate,
                ["warmup_fraction"] = cosine.WarmupFraction,
                ["final_learning_rate"] = cosine.FinalLearningRate,
            },
        },
        _ => throw new ArgumentException($"A schedule of type {schedule.GetType().Name} has no JSON form."),
    };
}
