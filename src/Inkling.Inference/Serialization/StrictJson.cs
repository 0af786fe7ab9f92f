using System.Text.Json;

namespace Inkling.Serialization;

/// <summary>
/// Reads a JSON document against what its reader asks for, and collects every fault instead of stopping at the first.
/// </summary>
/// <remarks>
/// After a fault the value handed back is a default, so that reading can go on; the faults must be looked at
/// before anything that was read is used.
/// </remarks>
internal sealed class StrictJson
{
    // Enough to mend a file by; a hostile one could have millions.
    private const int MaxFaults = 100;
    private const int MaxKeyBytes = 200;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private readonly List<JsonFault> _faults = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private StrictJson()
    {
    }

    /// <summary>Reads <paramref name="utf8"/> with <paramref name="read"/>.</summary>
    /// <returns>What was read, which is of use only if there are no faults; and these, in the order of reading.</returns>
    public static (T? Value, IReadOnlyList<JsonFault> Faults) Read<T>(ReadOnlyMemory<byte> utf8, Func<StrictValue, T> read)
    {
        var json = new StrictJson();
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, Options);
            T value = read(new StrictValue(json, document.RootElement, "$"));
            return (value, json._faults.Count == 0 ? [] : WithLines(json._faults, utf8.Span));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape such as \ud800 that is JSON but no text.
            int? line = exception is JsonException { LineNumber: long zeroBased } ? (int)zeroBased + 1 : null;
            return (default, [new JsonFault("$", line, $"expected valid JSON with each key once; {exception.Message}")]);
        }
    }

    /// <summary>Notes a name that only one value may have.</summary>
    /// <returns>Whether it was free.</returns>
    public bool Take(string name) => _names.Add(name);

    /// <summary>Notes a fault.</summary>
    public void Add(string path, string message)
    {
        if (_faults.Count < MaxFaults)
        {
            _faults.Add(new JsonFault(path, null, message));
        }
    }

    // JsonElement doesn't know its position, so one pass over the tokens finds the lines of the faulty paths.
    private static JsonFault[] WithLines(List<JsonFault> faults, ReadOnlySpan<byte> utf8)
    {
        var lines = faults.Select(fault => fault.Path).Distinct().ToDictionary(path => path, _ => (int?)null);
        var reader = new Utf8JsonReader(utf8);
        var open = new Stack<(string Path, int Index)>();
        string path = "$";
        int line = 1;
        int counted = 0;

        // A path is as long as its keys: with huge ones in a hostile file this would be slow, so it is left at that.
        while (reader.Read() && (reader.TokenType != JsonTokenType.PropertyName || reader.ValueSpan.Length <= MaxKeyBytes))
        {
            int start = (int)reader.TokenStartIndex;
            line += utf8[counted..start].Count((byte)'\n');
            counted = start;

            switch (reader.TokenType)
            {
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    continue;
                case JsonTokenType.PropertyName:
                    path = $"{open.Peek().Path}.{reader.GetString()}";
                    break;
                default:
                    // Index is negative in an object: there the key has just set the path.
                    if (open.TryPeek(out (string Path, int Index) list) && list.Index >= 0)
                    {
                        open.Pop();
                        open.Push((list.Path, list.Index + 1));
                        path = $"{list.Path}[{list.Index}]";
                    }

                    break;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open.Push((path, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
            }

            if (lines.TryGetValue(path, out int? known) && known is null)
            {
                lines[path] = line;
            }
        }

        return [.. faults.Select(fault => fault with { Line = lines[fault.Path] })];
    }
}
