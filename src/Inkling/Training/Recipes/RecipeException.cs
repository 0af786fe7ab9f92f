namespace Inkling.Training.Recipes;

/// <summary>One thing wrong in a recipe.</summary>
/// <param name="Path">Where, e.g. <c>$.network.resnet.depths[1]</c>; <c>$</c> is the whole file.</param>
/// <param name="Line">1-based line of the file; null where there is none, as for a file that doesn't exist.</param>
/// <param name="Message">What was expected and what was found.</param>
public sealed record RecipeFault(string Path, int? Line, string Message)
{
    /// <summary>One line: place, then message.</summary>
    public override string ToString() => Line is null ? $"{Path}: {Message}" : $"{Path} (line {Line}): {Message}";
}

/// <summary>A recipe can't be used; all its faults are told at once.</summary>
public sealed class RecipeException : Exception
{
    /// <param name="recipe">Name or path of the recipe.</param>
    /// <param name="faults">At least one, in the order of the file.</param>
    public RecipeException(string recipe, IReadOnlyList<RecipeFault> faults)
        : base($"recipe {recipe}: {string.Join("; ", faults)}")
    {
        Recipe = recipe;
        Faults = faults;
    }

    /// <summary>Name or path of the recipe.</summary>
    public string Recipe { get; }

    /// <summary>Everything wrong with it.</summary>
    public IReadOnlyList<RecipeFault> Faults { get; }
}
