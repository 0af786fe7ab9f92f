using Inkling.Engine;
using Inkling.Serialization;

namespace Inkling.Training.Recipes;

/// <summary>A recipe can't be used; all its faults are told at once.</summary>
public sealed class RecipeException : InklingException
{
    /// <param name="recipe">Name or path of the recipe.</param>
    /// <param name="faults">At least one, in the order of the file.</param>
    public RecipeException(string recipe, IReadOnlyList<JsonFault> faults)
        : base($"recipe {recipe}: {string.Join("; ", faults)}")
    {
        Recipe = recipe;
        Faults = faults;
    }

    /// <summary>Name or path of the recipe.</summary>
    public string Recipe { get; }

    /// <summary>Everything wrong with it.</summary>
    public IReadOnlyList<JsonFault> Faults { get; }
}
