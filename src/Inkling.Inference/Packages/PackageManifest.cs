using Inkling.Preprocessing;
using Inkling.Serialization;

namespace Inkling.Packages;

/// <summary>What a prediction needs to know of a package's lock; the rest of it says how to train the model again.</summary>
/// <param name="Files">Hash of each file that training made, by its <see cref="PackageFiles"/> name.</param>
/// <param name="Input">What an image becomes before the network sees it.</param>
public sealed record PackageManifest(IReadOnlyDictionary<string, string> Files, InputRecipe Input)
{
    /// <summary>The one schema of locks that this version reads and writes.</summary>
    public const int Schema = 1;

    private static readonly JsonShape<InputRecipe> RecipeJson = new JsonShape<InputRecipe>(InputRecipe.Unset, isOpen: true)
        .Required("input", InputRecipe.Json, x => x, (_, v) => v);

    private static readonly JsonShape<PackageManifest> Json =
        new JsonShape<PackageManifest>(new(new Dictionary<string, string>(), InputRecipe.Unset), isOpen: true)
            .Schema(Schema)
            .Required("recipe", RecipeJson, x => x.Input, (x, v) => x with { Input = v })
            .Required("files", PackageFiles.HashesJson, x => x.Files, (x, v) => x with { Files = v });

    /// <summary>What a file has to be, for messages.</summary>
    public static string Expected { get; } = $"a lock of schema {Schema}";

    /// <summary>Reads these parts of a lock, and checks them.</summary>
    /// <exception cref="ModelFormatException">The schema is unknown, or a part faulty: all faults at once.</exception>
    /// <exception cref="IOException">The file is absent or unreadable.</exception>
    public static PackageManifest Read(string path) => PackageJson.Read(path, Expected, Json);
}
