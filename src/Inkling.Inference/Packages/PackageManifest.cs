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

    /// <summary>What a file has to be, for messages.</summary>
    public static string Expected { get; } = $"a lock of schema {Schema}";

    /// <summary>Reads these parts of a lock, and checks them.</summary>
    /// <exception cref="ModelFormatException">The schema is unknown, or a part faulty: all faults at once.</exception>
    /// <exception cref="IOException">The file is absent or unreadable.</exception>
    public static PackageManifest Read(string path) => PackageJson.Read(path, Expected, Read);

    /// <summary>Whether a lock is of the one schema whose keys are known; says so at once if it isn't.</summary>
    /// <param name="value">The lock.</param>
    internal static bool HasKnownSchema(StrictValue value)
    {
        StrictValue schema = value.Members("schema")["schema"];
        int number = schema.Integer(1, int.MaxValue);
        if (number > Schema)
        {
            schema.Fault($"this version of Inkling reads schema {Schema}; found {number}, which needs a newer version");
        }

        return number == Schema;
    }

    /// <summary>Hashes by file name. The names become paths, so only ours are let in.</summary>
    /// <param name="value">The lock's <c>files</c>.</param>
    internal static IReadOnlyDictionary<string, string> ReadFiles(StrictValue value)
    {
        IReadOnlyDictionary<string, string> files = value.Map(hash => hash.Sha256());
        foreach (string name in files.Keys.Except(PackageFiles.All))
        {
            value.Fault($"expected names of a package's files; found {name}");
        }

        return files;
    }

    private static PackageManifest Read(StrictValue value)
    {
        if (!HasKnownSchema(value))
        {
            return null!;
        }

        StrictObject manifest = value.Members("recipe", "files");
        StrictObject recipe = manifest["recipe"].Members("input");
        return new PackageManifest(ReadFiles(manifest["files"]), InputJson.Read(recipe["input"]));
    }
}
