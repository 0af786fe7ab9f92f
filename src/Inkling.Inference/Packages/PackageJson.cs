using System.Text.Json;
using System.Text.Json.Nodes;
using Inkling.Serialization;

namespace Inkling.Packages;

/// <summary>Reads a package's JSON files: a cap on their size, all faults at once, one kind of exception.</summary>
public static class PackageJson
{
    private const long MaxBytes = 1 << 20;

    // The confusion matrix of two thousand classes fits.
    private const long MaxBytesOfFigures = 1 << 26;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Classes that a network may have; their names fit a file of the size that is read.</summary>
    public const int MaxClasses = 10_000;

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it has to be, for messages.</param>
    /// <param name="form">How it is read.</param>
    /// <exception cref="ModelFormatException">It is faulty: all faults at once; or too large.</exception>
    /// <exception cref="IOException">It is absent or unreadable.</exception>
    public static T Read<T>(string path, string expected, JsonForm<T> form)
    {
        long length = new FileInfo(path).Length;
        return length <= MaxBytes
            ? Parse(File.ReadAllBytes(path), path, expected, form)
            : throw Error(path, $"{expected} of at most {MaxBytes} bytes", $"{length}");
    }

    /// <summary>Reads and checks the bytes of a file.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="path">What to call it in an error.</param>
    /// <param name="expected">What it has to be, for messages.</param>
    /// <param name="form">How it is read.</param>
    /// <exception cref="ModelFormatException">It is faulty: all faults at once.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> utf8, string path, string expected, JsonForm<T> form)
    {
        (T? value, IReadOnlyList<JsonFault> faults) = form.Parse(utf8);
        return faults.Count == 0 ? value! : throw Error(path, expected, string.Join("; ", faults));
    }

    /// <summary>
    /// An object whose readers ask for its members by name: each key once, and nothing in it that can't be written again.
    /// </summary>
    /// <exception cref="ModelFormatException">It is something else, or too large.</exception>
    public static JsonObject ReadObject(string path, string advice)
    {
        try
        {
            var json = (JsonObject)JsonNode.Parse(FiguresOf(path), documentOptions: Options)!;

            // Text is decoded when it is asked for; half a surrogate pair is found now, not by whoever asks.
            _ = CanonicalJson.Write(json ?? throw new JsonException("null"));
            return json;
        }
        catch (Exception e) when (e is JsonException or InvalidCastException or InvalidOperationException or ArgumentException)
        {
            throw new ModelFormatException(path, "a JSON object", "something else", advice, e);
        }
    }

    /// <summary>Each line of a <c>.jsonl</c> file.</summary>
    /// <exception cref="ModelFormatException">One isn't as expected, or the file is too large.</exception>
    public static IReadOnlyList<T> ReadLines<T>(string path, string expected, JsonForm<T> form)
    {
        ReadOnlyMemory<byte> rest = FiguresOf(path);
        var lines = new List<T>();
        while (!rest.IsEmpty)
        {
            int length = rest.Span.IndexOf((byte)'\n') is >= 0 and int end ? end : rest.Length;
            lines.Add(Parse(rest[..length], $"{path}, line {lines.Count + 1}", expected, form));
            rest = rest[Math.Min(length + 1, rest.Length)..];
        }

        return lines;
    }

    private static byte[] FiguresOf(string path)
    {
        long length = new FileInfo(path).Length;
        return length <= MaxBytesOfFigures
            ? File.ReadAllBytes(path)
            : throw Error(path, $"at most {MaxBytesOfFigures} bytes", $"{length}");
    }

    private static ModelFormatException Error(string path, string expected, string actual) =>
        new(path, expected, actual, "Fetch or train the model again.");
}
