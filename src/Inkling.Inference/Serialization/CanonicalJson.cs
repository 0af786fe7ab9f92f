using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inkling.Serialization;

/// <summary>
/// JSON with one spelling for each value, so that equal values are equal bytes on every machine and in every culture.
/// </summary>
/// <remarks>
/// Keys in ordinal order; strings escape only <c>"</c>, <c>\</c> and control characters; a whole number
/// of 64 bits is written as one, any other as the shortest decimal that reads back as the same double. Rules:
/// docs/formats.md#canonical-json. System.Text.Json's own encoder isn't used: which characters it escapes follows the
/// Unicode version of the runtime.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>The form of files: two spaces of indentation, <c>\n</c>, and a line break at the end.</summary>
    /// <exception cref="ArgumentException">A number is NaN or infinite, or a string isn't valid Unicode.</exception>
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        WriteNode(text, node, indent: 0);
        return text.Append('\n').ToString();
    }

    /// <summary>The form of one line of a <c>.jsonl</c> file: no white space and no line break.</summary>
    /// <exception cref="ArgumentException">A number is NaN or infinite, or a string isn't valid Unicode.</exception>
    public static string WriteLine(JsonNode? node)
    {
        var text = new StringBuilder();
        WriteNode(text, node, indent: null);
        return text.ToString();
    }

    /// <summary><paramref name="value"/> between quotes, with the fewest escapes that JSON allows.</summary>
    /// <exception cref="ArgumentException">The string has half of a surrogate pair.</exception>
    internal static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                text.Append(c).Append(value[++i]);
                continue;
            }

            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ when char.IsSurrogate(c) =>
                    throw new ArgumentException("canonical JSON: a string has half of a surrogate pair; UTF-8 cannot hold it."),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    // indent: the depth of the node in the form of files, null in the form of one line.
    private static void WriteNode(StringBuilder text, JsonNode? node, int? indent)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                WriteItems(text, '{', '}', indent, members.OrderBy(member => member.Key, StringComparer.Ordinal), member =>
                {
                    WriteString(text, member.Key);
                    text.Append(indent is null ? ":" : ": ");
                    WriteNode(text, member.Value, indent + 1);
                });
                break;
            case JsonArray items:
                WriteItems(text, '[', ']', indent, items, item => WriteNode(text, item, indent + 1));
                break;
            default:
                WriteScalar(text, node.AsValue());
                break;
        }
    }

    private static void WriteItems<T>(
        StringBuilder text, char open, char close, int? indent, IEnumerable<T> items, Action<T> writeItem)
    {
        text.Append(open);
        bool any = false;
        foreach (T item in items)
        {
            if (any)
            {
                text.Append(',');
            }

            NewLine(text, indent + 1);
            writeItem(item);
            any = true;
        }

        if (any)
        {
            NewLine(text, indent);
        }

        text.Append(close);
    }

    private static void NewLine(StringBuilder text, int? indent)
    {
        if (indent is int depth)
        {
            text.Append('\n').Append(' ', 2 * depth);
        }
    }

    private static void WriteScalar(StringBuilder text, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            case JsonValueKind.String:
                WriteString(text, value.GetValue<string>());
                break;
            default:
                // The library's text of a number names its value exactly, whatever type holds it: the one form to start from.
                text.Append(Number(value.ToJsonString()));
                break;
        }
    }

    private static string Number(string json)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        if (Int128.TryParse(json, NumberStyles.AllowLeadingSign, invariant, out Int128 integer)
            && Int128.Abs(integer) <= ulong.MaxValue)
        {
            return integer.ToString(invariant);
        }

        double number = double.Parse(json, NumberStyles.Float, invariant);
        if (!double.IsFinite(number))
        {
            throw new ArgumentException($"canonical JSON: {json} does not fit a double.");
        }

        return double.IsInteger(number) && Math.Abs(number) < ulong.MaxValue
            ? ((Int128)number).ToString(invariant)
            : number.ToString("R", invariant).Replace('E', 'e');
    }
}
