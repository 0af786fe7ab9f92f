using Inkling.Augmentation;
using Inkling.Engine;
using Inkling.Networks;
using Inkling.Preprocessing;

namespace Inkling.Training.Recipes;

/// <summary>
/// Everything that decides a training run's result, apart from the data and the numeric contract. Nothing is implied:
/// every value stands in the recipe's file.
/// </summary>
/// <remarks>File format: docs/formats.md#recipe.</remarks>
/// <param name="Name">Letters, digits, <c>.</c>, <c>_</c>, <c>-</c>.</param>
/// <param name="Description">One sentence for people.</param>
/// <param name="Seed">Key of every random stream.</param>
/// <param name="Input">What an image becomes before the network sees it.</param>
/// <param name="Split">What part of the training images is kept for choosing.</param>
/// <param name="Augmentation">Random changes of each training image; null for none.</param>
/// <param name="Network">The layers.</param>
/// <param name="Loss">Softmax cross-entropy and its smoothing.</param>
/// <param name="Optimizer">The update rule.</param>
/// <param name="Schedule">The learning rate of each step.</param>
/// <param name="Averaging">Moving average of the weights, which is then what is kept; null for none.</param>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="BatchSize">Images in a step; a multiple of <paramref name="ChunkSize"/>.</param>
/// <param name="ChunkSize">Images that go through the network together; also those of a batch norm's statistics.</param>
public sealed record Recipe(
    string Name,
    string Description,
    ulong Seed,
    InputRecipe Input,
    SplitRecipe Split,
    AugmentationPipeline? Augmentation,
    NetworkRecipe Network,
    LossRecipe Loss,
    OptimizerRecipe Optimizer,
    LearningRateSchedule Schedule,
    AveragingRecipe? Averaging,
    int Epochs,
    int BatchSize,
    int ChunkSize)
{
    /// <summary>Smaller images for the first epochs; null for none.</summary>
    public ProgressiveResizing? ProgressiveResizing { get; init; }

    /// <summary>Other images and another loss for the last epochs; null for none.</summary>
    public Refinement? Refinement { get; init; }

    /// <summary>The network at the input's size.</summary>
    /// <param name="classes">Number of logits.</param>
    /// <exception cref="ShapeMismatchException">The layers don't fit each other.</exception>
    public Network Build(int classes) => new(new Shape(Input.Channels, Input.Height, Input.Width), Network.Expand(classes));

    /// <summary>Random changes of the training images in an epoch; null for none.</summary>
    /// <param name="epoch">From 0.</param>
    internal AugmentationPipeline? AugmentationIn(int epoch) =>
        RefinementIn(epoch) is { } refinement ? refinement.Augmentation : Augmentation;

    /// <summary>The loss of an epoch.</summary>
    /// <param name="epoch">From 0.</param>
    internal LossRecipe LossIn(int epoch) => RefinementIn(epoch)?.Loss ?? Loss;

    /// <summary>Multiply-adds of a run's first steps, of one image's forward pass in each.</summary>
    /// <param name="steps">How many steps.</param>
    /// <param name="stepsPerEpoch">Steps in an epoch.</param>
    /// <param name="first">The network in the first epochs.</param>
    /// <param name="whole">The network at the input's size.</param>
    internal double MultiplyAddsOf(int steps, int stepsPerEpoch, Network first, Network whole)
    {
        int small = Math.Min(steps, stepsPerEpoch * (ProgressiveResizing?.Epochs ?? 0));
        return (double)small * first.MultiplyAdds + (double)(steps - small) * whole.MultiplyAdds;
    }

    /// <summary>Names of the recipes that ship with the product, in ordinal order.</summary>
    public static IReadOnlyList<string> BuiltIn => RecipeFile.BuiltIn;

    /// <summary>Reads a recipe that ships with the product, or a file.</summary>
    /// <param name="nameOrPath">One of <see cref="BuiltIn"/>, or the path of a <c>.json</c> file.</param>
    /// <exception cref="RecipeException">The name is unknown, the file absent, or the recipe faulty: all faults at once.</exception>
    public static Recipe Load(string nameOrPath) => RecipeFile.Load(nameOrPath);

    /// <summary>Reads a recipe from its bytes.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="source">What to call it in an error.</param>
    /// <exception cref="RecipeException">The recipe is faulty: all faults at once.</exception>
    public static Recipe Parse(ReadOnlyMemory<byte> utf8, string source) => RecipeFile.Parse(utf8, source);

    private Refinement? RefinementIn(int epoch) => epoch >= Epochs - Refinement?.Epochs ? Refinement : null;
}

/// <summary>
/// Training on smaller images first, which costs less; later epochs, and every answer, use the input's own size. For networks whose weights
/// don't depend on it, as those that end in a global pool.
/// </summary>
/// <remarks>Source: Howard et al. 2018, the fast.ai entries to DAWNBench.</remarks>
/// <param name="Epochs">How many epochs, fewer than all.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
public sealed record ProgressiveResizing(int Epochs, int Height, int Width)
{
    /// <summary>The same layers at this size.</summary>
    /// <exception cref="ShapeMismatchException">The size doesn't fit the layers.</exception>
    public Network Shrink(Network whole) => new(whole.Input with { Height = Height, Width = Width }, whole.Specs);
}

/// <summary>
/// The last epochs, with lighter augmentation and a sharper loss: strong changes teach what images can look like, these epochs what they do
/// look like. Statistics for an average of weights are measured on the last epoch's images, so on these.
/// </summary>
/// <remarks>Source: He et al. 2019, arXiv:1909.09148, for the augmentation. Measured: docs/experiments.md#refinement.</remarks>
/// <param name="Epochs">How many epochs, fewer than all.</param>
/// <param name="Augmentation">Random changes of each training image in them; null for none.</param>
/// <param name="Loss">What they make small.</param>
public sealed record Refinement(int Epochs, AugmentationPipeline? Augmentation, LossRecipe Loss);

/// <summary>The part of the training images that is kept for choosing.</summary>
/// <param name="Validation">Number of images, or below 1 their share; 0 for none. A dataset that brings its own keeps that.</param>
public sealed record SplitRecipe(double Validation)
{
    /// <summary>Number of images out of so many; a share is rounded down.</summary>
    public int CountOf(int images) => (int)(Validation < 1 ? Validation * images : Validation);
}

/// <summary>Softmax cross-entropy.</summary>
/// <param name="LabelSmoothing">Share of the target that is spread over all classes evenly.</param>
public sealed record LossRecipe(double LabelSmoothing);

/// <summary>Exponential moving average of the weights, a ← decay·a + (1 − decay)·w after each step.</summary>
/// <param name="Decay">In [0, 1).</param>
public sealed record AveragingRecipe(double Decay);
