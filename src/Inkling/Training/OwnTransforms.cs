using Inkling.Augmentation;
using Inkling.Serialization;
using Inkling.Training.Recipes;

namespace Inkling.Training;

/// <summary>Brings the code of transforms to a recipe that only names them.</summary>
internal static class OwnTransforms
{
    /// <exception cref="RecipeException">One isn't among those that were brought, or two have one name.</exception>
    public static Recipe Bring(Recipe recipe, IReadOnlyList<OwnTransform> brought) => recipe with
    {
        Augmentation = Bring(recipe.Name, "$.augmentation", recipe.Augmentation, brought),
        Refinement = recipe.Refinement is { } refinement
            ? refinement with { Augmentation = Bring(recipe.Name, "$.refinement.augmentation", refinement.Augmentation, brought) }
            : null,
    };

    private static AugmentationPipeline? Bring(
        string recipe, string path, AugmentationPipeline? augmentation, IReadOnlyList<OwnTransform> brought)
    {
        if (augmentation is not { Own.Count: > 0 })
        {
            return augmentation;
        }

        string? twice = augmentation.Own.GroupBy(own => own.Name).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null
            ? augmentation with { Own = [.. augmentation.Own.Select(own => Find(recipe, path, own, brought))] }
            : throw Fault(recipe, path, twice, "expected a name of its own for each transform; found it twice");
    }

    private static OwnTransform Find(string recipe, string path, OwnTransform named, IReadOnlyList<OwnTransform> brought)
    {
        if (named.Change is not null)
        {
            return named;
        }

        OwnTransform? same = brought.FirstOrDefault(own => own.Change is not null && own.Is(named));
        string settings = string.Join(
            ", ", named.Settings.Select(setting => FormattableString.Invariant($"{setting.Key} {setting.Value}")));
        return same ?? throw Fault(
            recipe, path, named.Name,
            $"this transform ({settings}) isn't Inkling's own; get its code from the model's makers, and give it to {nameof(TrainingRunOptions.Transforms)} of a program of yours");
    }

    private static RecipeException Fault(string recipe, string path, string name, string message) =>
        new(recipe, [new JsonFault($"{path}.own.{name}", null, message)]);
}
