using System.Text.Json.Nodes;
using Inkling.Serialization;

namespace Inkling.Packaging;

/// <summary>Reads a package's JSON files: a cap on their size, all faults at once, one kind of exception.</summary>
internal static class PackageJson
{
    private const long MaxBytes = 1 << 20;

    /// <summary>Classes that a network may have; their names fit a file of the size that is read.</summary>
    public const int MaxClasses = 10_000;

    public static T Read<T>(string path, string expected, Func<StrictValue, T> read)
        where T : class
    {
        long length = new FileInfo(path).Length;
        return length <= MaxBytes
            ? Parse(File.ReadAllBytes(path), path, expected, read)
            : throw Error(path, $"{expected} of at most {MaxBytes} bytes", $"{length}");
    }

    public static T Parse<T>(ReadOnlyMemory<byte> utf8, string path, string expected, Func<StrictValue, T> read)
        where T : class
    {
        (T? value, IReadOnlyList<JsonFault> faults) = StrictJson.Read(utf8, read);
        return faults.Count == 0 ? value! : throw Error(path, expected, string.Join("; ", faults));
    }

    public static JsonArray Array(IEnumerable<string> items) => [.. items.Select(item => JsonValue.Create(item))];

    public static JsonArray Array(IEnumerable<double> items) => [.. items.Select(item => JsonValue.Create(item))];

    public static JsonArray Array(IEnumerable<int> items) => [.. items.Select(item => JsonValue.Create(item))];

    private static ModelFormatException Error(string path, string expected, string actual) =>
        new(path, expected, actual, "Fetch or train the model again.");
}
