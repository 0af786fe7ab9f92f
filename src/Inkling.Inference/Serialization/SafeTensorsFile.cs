using System.Buffers.Binary;
using System.Text;

namespace Inkling.Serialization;

/// <summary>
/// The tensors of a <c>.safetensors</c> file: 8 bytes with the header's length, a JSON header, the tensors' bytes.
/// </summary>
/// <remarks>
/// The writer is canonical: equal tensors give equal bytes, whatever order they came in. The subset of data types is
/// F32 tensors and I64 scalars. Rules: docs/formats.md#safetensors. Source: the format's reference implementation,
/// huggingface/safetensors. Reading lives in <c>SafeTensorsReader</c>.
/// </remarks>
public sealed class SafeTensorsFile
{
    /// <summary>Bytes that a header may have, as in the reference implementation.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    internal const string MetadataKey = "__metadata__";
    internal const int LengthBytes = sizeof(ulong);

    // What PyTorch's tools look for to know whose layouts these are.
    private static readonly IReadOnlyDictionary<string, string> PyTorchMetadata =
        new Dictionary<string, string> { ["format"] = "pt" };

    /// <param name="tensors">F32 tensors, in any order.</param>
    /// <param name="integers">I64 scalars, in any order; none by default.</param>
    /// <param name="metadata">Free text by key; <c>{"format": "pt"}</c> by default.</param>
    /// <exception cref="ArgumentException">
    /// A name is empty, reserved or used twice, or a shape doesn't have as many elements as there are values.
    /// </exception>
    public SafeTensorsFile(
        IEnumerable<NamedTensor> tensors,
        IEnumerable<NamedInteger>? integers = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        // The reference implementation compares names as UTF-8 bytes; UTF-16 units would order some symbols differently.
        Tensors = [.. tensors.OrderBy(tensor => tensor.Name, Utf8Order.Instance)];
        Integers = [.. (integers ?? []).OrderBy(integer => integer.Name, Utf8Order.Instance)];
        Metadata = metadata ?? PyTorchMetadata;

        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey, "" };
        foreach (string name in Integers.Select(integer => integer.Name).Concat(Tensors.Select(tensor => tensor.Name)))
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"safetensors: the tensor name '{name}' is empty, reserved or used twice.");
            }
        }

        foreach (NamedTensor tensor in Tensors)
        {
            long count = tensor.Shape.Aggregate(1L, (product, extent) => checked(product * extent));
            if (tensor.Shape.Any(extent => extent < 0) || count != tensor.Values.Length)
            {
                throw new ArgumentException(
                    $"safetensors: {tensor.Name} has shape [{string.Join(", ", tensor.Shape)}] but {tensor.Values.Length} values.");
            }
        }
    }

    /// <summary>The F32 tensors, by name.</summary>
    public IReadOnlyList<NamedTensor> Tensors { get; }

    /// <summary>The I64 scalars, by name.</summary>
    public IReadOnlyList<NamedInteger> Integers { get; }

    /// <summary>The header's free text.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks a file; nothing in it is believed.</summary>
    /// <exception cref="ModelFormatException">The file breaks a rule of docs/formats.md#safetensors.</exception>
    /// <exception cref="IOException">The file is absent or unreadable.</exception>
    public static SafeTensorsFile Read(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > Array.MaxLength)
        {
            throw new ModelFormatException(
                path, $"at most {Array.MaxLength} bytes", $"{length}", "Sharded or larger models are not supported.");
        }

        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Checks and takes apart the bytes of a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="path">What to call it in an error.</param>
    /// <exception cref="ModelFormatException">The bytes break a rule of docs/formats.md#safetensors.</exception>
    public static SafeTensorsFile Parse(ReadOnlyMemory<byte> bytes, string path) =>
        new SafeTensorsReader(path).Parse(bytes);

    /// <summary>The canonical bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] header = Header();
        int integersAt = LengthBytes + header.Length;
        int tensorsAt = integersAt + Integers.Count * sizeof(long);
        byte[] bytes = new byte[checked(tensorsAt + Tensors.Sum(tensor => tensor.Values.Length * sizeof(float)))];

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, LengthBytes);

        Span<byte> rest = bytes.AsSpan(integersAt);
        foreach (NamedInteger integer in Integers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, integer.Value);
            rest = rest[sizeof(long)..];
        }

        foreach (float value in Tensors.SelectMany(tensor => tensor.Values))
        {
            BinaryPrimitives.WriteSingleLittleEndian(rest, value);
            rest = rest[sizeof(float)..];
        }

        return bytes;
    }

    /// <summary>Writes the canonical bytes; the previous file stays whole until they are on the disk.</summary>
    /// <exception cref="IOException">The folder is absent or the disk full.</exception>
    public void Write(string path) => AtomicFile.Write(path, ToBytes());

    // Larger alignment first (I64 before F32), then names: every tensor starts at a multiple of its element's size.
    private byte[] Header()
    {
        var json = new StringBuilder("{");
        WriteKey(json, MetadataKey);
        json.Append('{');
        foreach ((string key, string text) in Metadata.OrderBy(pair => pair.Key, Utf8Order.Instance))
        {
            WriteKey(json, key);
            CanonicalJson.WriteString(json, text);
        }

        json.Append('}');

        long offset = 0;
        foreach (NamedInteger integer in Integers)
        {
            WriteTensor(json, integer.Name, "I64", [], ref offset, sizeof(long));
        }

        foreach (NamedTensor tensor in Tensors)
        {
            WriteTensor(json, tensor.Name, "F32", tensor.Shape, ref offset, (long)tensor.Values.Length * sizeof(float));
        }

        json.Append('}');
        byte[] text8 = Encoding.UTF8.GetBytes(json.ToString());
        int padded = (text8.Length + LengthBytes - 1) / LengthBytes * LengthBytes;
        return [.. text8, .. Enumerable.Repeat((byte)' ', padded - text8.Length)];
    }

    private static void WriteTensor(
        StringBuilder json, string name, string dataType, IReadOnlyList<int> shape, ref long offset, long lengthBytes)
    {
        WriteKey(json, name);
        json.Append("{\"dtype\":\"").Append(dataType)
            .Append("\",\"shape\":[").AppendJoin(',', shape)
            .Append("],\"data_offsets\":[").Append(offset).Append(',').Append(offset + lengthBytes).Append("]}");
        offset += lengthBytes;
    }

    private static void WriteKey(StringBuilder json, string key)
    {
        if (json[^1] != '{')
        {
            json.Append(',');
        }

        CanonicalJson.WriteString(json, key);
        json.Append(':');
    }

    private sealed class Utf8Order : IComparer<string>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(string? x, string? y) =>
            Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}
