using Inkling.Augmentation;
using Inkling.Serialization;
using Inkling.Training.Recipes;

namespace Inkling.Training;

/// <summary>Brings the code of transforms to a recipe that only names them.</summary>
internal static class OwnTransforms
{
    /// <exception cref="RecipeException">One isn't among those that were brought, or two have one name.</exception>
    public static Recipe Bring(Recipe recipe, IReadOnlyList<OwnTransform> brought)
    {
        if (recipe.Augmentation is not { Own.Count: > 0 } augmentation)
        {
            return recipe;
        }

        string? twice = augmentation.Own.GroupBy(own => own.Name).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null
            ? recipe with { Augmentation = augmentation with { Own = [.. augmentation.Own.Select(own => Find(recipe, own, brought))] } }
            : throw Fault(recipe, twice, "expected a name of its own for each transform; found it twice");
    }

    private static OwnTransform Find(Recipe recipe, OwnTransform named, IReadOnlyList<OwnTransform> brought)
    {
        if (named.Change is not null)
        {
            return named;
        }

        OwnTransform? same = brought.FirstOrDefault(own => own.Change is not null && own.Is(named));
        string settings = string.Join(", ", named.Settings.Select(setting => FormattableString.Invariant($"{setting.Key} {setting.Value}")));
        return same ?? throw Fault(
            recipe, named.Name,
            $"this transform ({settings}) isn't Inkling's own; get its code from the model's makers, and give it to {nameof(TrainingRunOptions.Transforms)} of a program of yours");
    }

    private static RecipeException Fault(Recipe recipe, string name, string message) =>
        new(recipe.Name, [new JsonFault($"$.augmentation.own.{name}", null, message)]);
}
