using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>Pipelines that go by a name in a recipe. Figures behind them: docs/experiments.md.</summary>
/// <remarks>Those for digits never mirror, and turn by less than the 30° from which a 6 can be taken for a 9.</remarks>
public static class AugmentationPresets
{
    /// <summary>Little, for a network that is too small to learn more: <c>digits-light</c>.</summary>
    public static AugmentationPipeline DigitsLight { get; } = new()
    {
        Movement = new AffineAugmentation { RotationDegrees = 7, Scale = 0.07, Shear = 0.07, ShiftPixels = 1.5 },
    };

    /// <summary>For digits, letters and glyphs over some ten epochs: <c>digits</c>.</summary>
    public static AugmentationPipeline Digits { get; } = new()
    {
        Movement = new AffineAugmentation { RotationDegrees = 10, Scale = 0.1, Shear = 0.1, ShiftPixels = 2 },
    };

    /// <summary>
    /// For a wide network and tens of epochs; helps with writers that the training images don't have: <c>digits-strong</c>.
    /// </summary>
    public static AugmentationPipeline DigitsStrong { get; } = new()
    {
        Movement = new AffineAugmentation { RotationDegrees = 18, Scale = 0.2, Shear = 0.2, ShiftPixels = 3.5 },
        StrokeThickness = new StrokeThickness { Strength = 0.7 },
        Blur = new Blur { DeviationPixels = 0.7 },
        Cutout = new Cutout { Pixels = 8, Probability = 0.5 },
    };

    /// <summary>
    /// For upright things that have no left and right, such as Fashion-MNIST's; unsafe for digits: <c>upright-things</c>.
    /// </summary>
    public static AugmentationPipeline UprightThings { get; } = new()
    {
        Movement = new AffineAugmentation { Scale = 0.03, ShiftPixels = 1 },
        Mirror = true,
        Cutout = new Cutout { Pixels = 8, Probability = 0.5 },
    };

    /// <summary>All of them by the name that a recipe writes.</summary>
    public static IReadOnlyDictionary<string, AugmentationPipeline> ByName { get; } = new SortedDictionary<string, AugmentationPipeline>(
        StringComparer.Ordinal)
    {
        ["digits"] = Digits,
        ["digits-light"] = DigitsLight,
        ["digits-strong"] = DigitsStrong,
        ["upright-things"] = UprightThings,
    };

    /// <summary>
    /// A pipeline in full, or a preset's name: read as what it stands for and never written, since a lock holds the values.
    /// </summary>
    internal static JsonForm<AugmentationPipeline> Json { get; } = TextOr(
        TextWhere(ByName.ContainsKey, $"an object or the name of a preset ({string.Join(", ", ByName.Keys)})"),
        name => ByName.GetValueOrDefault(name, new AugmentationPipeline()),
        _ => null,
        AugmentationPipeline.Json);
}
