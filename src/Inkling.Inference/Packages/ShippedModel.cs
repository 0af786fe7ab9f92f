using Inkling.Serialization;

namespace Inkling.Packages;

/// <summary>The trained model that ships with the product, beside the program that uses it.</summary>
public static class ShippedModel
{
    /// <summary>What users call it.</summary>
    public const string Name = "default";

    /// <summary>Where it is, if it is there.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models", Name);

    /// <summary>The folder that a user means.</summary>
    /// <param name="package">A folder, which wins if it exists, or <see cref="Name"/>.</param>
    /// <exception cref="ModelFormatException">The model that ships is meant, and isn't there.</exception>
    public static string Resolve(string package)
    {
        if (package != Name || Path.Exists(package))
        {
            return package;
        }

        return Directory.Exists(Folder) ? Folder : throw new ModelFormatException(
            Name, $"the model that ships, in {Folder}", "nothing", "Add the package Inkling.Models.Default to the program.");
    }
}
