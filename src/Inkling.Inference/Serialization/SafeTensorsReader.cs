using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace Inkling.Serialization;

/// <summary>
/// Takes a safetensors file apart and checks every claim of its header before a byte of a tensor is copied.
/// </summary>
/// <param name="path">What to call the file in an error.</param>
internal sealed class SafeTensorsReader(string path)
{
    private static readonly JsonDocumentOptions HeaderOptions = new() { AllowDuplicateProperties = false, MaxDepth = 3 };

    public SafeTensorsFile Parse(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> header = Header(bytes);
        ReadOnlyMemory<byte> data = bytes[(SafeTensorsFile.LengthBytes + header.Length)..];

        try
        {
            using JsonDocument json = JsonDocument.Parse(header, HeaderOptions);
            return Parse(json.RootElement, data.Span);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape such as \ud800 that is JSON but no text.
            throw Error("a header of valid JSON with each name once", exception.Message, exception);
        }
    }

    private ReadOnlyMemory<byte> Header(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < SafeTensorsFile.LengthBytes)
        {
            throw Error("8 bytes with the header's length", $"a file of {bytes.Length}");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (length > SafeTensorsFile.MaxHeaderBytes)
        {
            throw Error($"a header of at most {SafeTensorsFile.MaxHeaderBytes} bytes", $"a length of {length}");
        }

        ReadOnlyMemory<byte> rest = bytes[SafeTensorsFile.LengthBytes..];
        if (length > (ulong)rest.Length)
        {
            throw Error($"a header of {length} bytes, as the file says", $"{rest.Length} bytes after its length");
        }

        ReadOnlyMemory<byte> header = rest[..(int)length];
        if (header.IsEmpty || header.Span[0] != (byte)'{')
        {
            throw Error("a header that begins with '{'", header.IsEmpty ? "none" : $"the byte 0x{header.Span[0]:x2}");
        }

        if (!Utf8.IsValid(header.Span))
        {
            throw Error("a header in UTF-8", "other bytes");
        }

        return header;
    }

    private SafeTensorsFile Parse(JsonElement header, ReadOnlySpan<byte> data)
    {
        var metadata = new Dictionary<string, string>();
        var entries = new List<Entry>();
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.Name == SafeTensorsFile.MetadataKey)
            {
                metadata = Metadata(property.Value);
            }
            else
            {
                entries.Add(ParseEntry(property.Name, property.Value));
            }
        }

        entries.Sort((x, y) => (x.Begin, x.End).CompareTo((y.Begin, y.End)));
        CheckCover(entries, data.Length);

        var tensors = new List<NamedTensor>();
        var integers = new List<NamedInteger>();
        foreach (Entry entry in entries)
        {
            ReadOnlySpan<byte> content = data[(int)entry.Begin..(int)entry.End];
            if (entry.IsInteger)
            {
                integers.Add(new NamedInteger(entry.Name, BinaryPrimitives.ReadInt64LittleEndian(content)));
            }
            else
            {
                tensors.Add(new NamedTensor(entry.Name, entry.Shape, Floats(content)));
            }
        }

        return new SafeTensorsFile(tensors, integers, metadata);
    }

    private Dictionary<string, string> Metadata(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Any(pair => pair.Value.ValueKind != JsonValueKind.String))
        {
            throw Error("__metadata__ to hold text by key", "other values");
        }

        return json.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);
    }

    private Entry ParseEntry(string name, JsonElement json)
    {
        if (name.Length == 0)
        {
            throw Error("a name for every tensor", "an empty one");
        }

        if (json.ValueKind != JsonValueKind.Object
            || json.EnumerateObject().Count() != 3
            || !json.TryGetProperty("dtype", out JsonElement dataType)
            || !json.TryGetProperty("shape", out JsonElement shapeJson)
            || !json.TryGetProperty("data_offsets", out JsonElement offsets))
        {
            throw Error($"tensor '{Short(name)}' to have dtype, shape and data_offsets", "other keys");
        }

        bool isInteger = dataType.ValueKind == JsonValueKind.String && dataType.ValueEquals("I64");
        if (!isInteger && !(dataType.ValueKind == JsonValueKind.String && dataType.ValueEquals("F32")))
        {
            throw new ModelFormatException(
                path, $"tensor '{Short(name)}' in F32 (or I64 for a scalar)", Short(dataType.ToString()), "Convert the weights to float32.");
        }

        long[] shape = Integers(shapeJson, int.MaxValue)
            ?? throw Error($"tensor '{Short(name)}' to have a shape of whole numbers of at most {int.MaxValue}", Short($"{shapeJson}"));
        if (isInteger && shape.Length > 0)
        {
            throw Error($"tensor '{Short(name)}', of type I64, to be a scalar", Short($"shape {shapeJson}"));
        }

        if (Integers(offsets, long.MaxValue) is not [long begin, long end] || end < begin)
        {
            throw Error($"tensor '{Short(name)}' to have offsets [begin, end] in that order", Short($"{offsets}"));
        }

        UInt128 lengthBytes = LengthBytes(name, shape, isInteger ? sizeof(long) : sizeof(float));
        if (lengthBytes != (UInt128)(end - begin))
        {
            throw Error(
                $"tensor '{Short(name)}' of shape {Short($"{shapeJson}")} to have {lengthBytes} bytes", $"offsets of {end - begin}");
        }

        return new Entry(name, isInteger, [.. shape.Select(extent => (int)extent)], begin, end);
    }

    private static long[]? Integers(JsonElement json, long max)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var integers = new List<long>();
        foreach (JsonElement item in json.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long integer) || integer < 0 || integer > max)
            {
                return null;
            }

            integers.Add(integer);
        }

        return [.. integers];
    }

    private UInt128 LengthBytes(string name, long[] shape, int elementBytes)
    {
        UInt128 length = (UInt128)elementBytes;
        foreach (long extent in shape)
        {
            // Each factor is below 2³¹ and the product was below 2⁶³, so this cannot overflow before it is refused.
            length *= (UInt128)extent;
            if (length > long.MaxValue)
            {
                throw Error($"tensor '{Short(name)}' to fit 63 bits", Short($"shape [{string.Join(", ", shape)}]"));
            }
        }

        return length;
    }

    // In order of their offsets the tensors follow one another without gap or overlap, from the first byte to the last.
    private void CheckCover(List<Entry> entries, int dataBytes)
    {
        long covered = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Begin != covered)
            {
                string fault = entry.Begin < covered ? "an overlap" : "a gap";
                throw Error($"tensor '{Short(entry.Name)}' to begin at {covered}", $"{entry.Begin}, {fault}");
            }

            covered = entry.End;
        }

        if (covered != dataBytes)
        {
            throw Error($"{covered} bytes of tensors, as the header says", $"{dataBytes}");
        }
    }

    private static float[] Floats(ReadOnlySpan<byte> content)
    {
        float[] values = new float[content.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(content[(i * sizeof(float))..]);
        }

        return values;
    }

    // A header may claim a name or shape of megabytes.
    private static string Short(string claim) => claim.Length <= 100 ? claim : claim[..100] + "…";

    private ModelFormatException Error(string expected, string actual, Exception? cause = null) =>
        new(path, expected, actual, "Fetch or train the model again.", cause);

    private readonly record struct Entry(string Name, bool IsInteger, int[] Shape, long Begin, long End);
}
