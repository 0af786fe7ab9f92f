using System.Reflection;
using Inkling.Serialization;

namespace Inkling.Training.Recipes;

/// <summary>Finds recipes: among the assembly's resources, or on the disk.</summary>
internal static class RecipeFile
{
    private const string ResourcePrefix = "recipes/";
    private const string Extension = ".json";

    public static IReadOnlyList<string> BuiltIn { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => name[ResourcePrefix.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    public static Recipe Load(string nameOrPath)
    {
        if (nameOrPath.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            return Parse(ReadFile(nameOrPath), nameOrPath);
        }

        using Stream? resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourcePrefix + nameOrPath + Extension);
        if (resource is null)
        {
            throw Error(nameOrPath, $"unknown recipe; known are {string.Join(", ", BuiltIn)}, or give the path of a {Extension} file");
        }

        byte[] utf8 = new byte[resource.Length];
        resource.ReadExactly(utf8);
        return Parse(utf8, nameOrPath);
    }

    public static Recipe Parse(ReadOnlyMemory<byte> utf8, string source)
    {
        (Recipe? recipe, IReadOnlyList<JsonFault> faults) = RecipeJson.OfFile.Parse(utf8);
        return faults.Count == 0 ? recipe! : throw new RecipeException(source, faults);
    }

    private static byte[] ReadFile(string path)
    {
        const long MaxBytes = 1 << 20;
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw Error(path, $"the file doesn't exist; recipes that ship with the product are {string.Join(", ", BuiltIn)}");
        }

        return file.Length <= MaxBytes
            ? File.ReadAllBytes(path)
            : throw Error(path, $"expected a file of at most {MaxBytes} bytes; found {file.Length}");
    }

    private static RecipeException Error(string source, string message) => new(source, [new JsonFault("$", null, message)]);
}
