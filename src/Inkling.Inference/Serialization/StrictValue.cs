using System.Text.Json;

namespace Inkling.Serialization;

/// <summary>
/// A value at a path of a <see cref="StrictJson"/> document. Each method asks for one type; a value that is missing has
/// been reported already and reads as the type's default.
/// </summary>
internal readonly struct StrictValue(StrictJson json, JsonElement element, string path)
{
    public string Path => path;

    public bool IsMissing => element.ValueKind == JsonValueKind.Undefined;

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    public bool IsText => element.ValueKind == JsonValueKind.String;

    public bool IsList => element.ValueKind == JsonValueKind.Array;

    /// <summary>An object with exactly these keys.</summary>
    public StrictObject Object(params ReadOnlySpan<string> keys) => Object(keys, []);

    /// <summary>An object with all keys of the first list, any of the second, and no others.</summary>
    public StrictObject Object(ReadOnlySpan<string> keys, ReadOnlySpan<string> optionalKeys)
    {
        StrictObject members = Members(keys);
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (!keys.Contains(property.Name) && !optionalKeys.Contains(property.Name))
                {
                    json.Add($"{path}.{property.Name}", $"unknown key; known here are {string.Join(", ", [.. keys!, .. optionalKeys!])}");
                }
            }
        }

        return members;
    }

    /// <summary>An object with at least these keys; of a format that isn't ours to close.</summary>
    public StrictObject Members(params ReadOnlySpan<string> keys)
    {
        if (!Is(JsonValueKind.Object, "an object"))
        {
            return new StrictObject(json, default, path);
        }

        foreach (string key in keys)
        {
            if (!element.TryGetProperty(key, out _))
            {
                json.Add(path, $"missing key \"{key}\"");
            }
        }

        return new StrictObject(json, element, path);
    }

    /// <summary>An object with exactly one key out of <paramref name="names"/>, which says what its value is.</summary>
    /// <returns>That key and its value; null after a fault.</returns>
    public (string Name, StrictValue Value)? Choice(params ReadOnlySpan<string> names)
    {
        if (!Is(JsonValueKind.Object, "an object"))
        {
            return null;
        }

        string[] found = [.. element.EnumerateObject().Select(property => property.Name)];
        if (found is [string name] && names.Contains(name))
        {
            return (name, new StrictObject(json, element, path)[name]);
        }

        Fault($"expected exactly one key out of {string.Join(", ", names!)}; found {(found.Length == 0 ? "none" : string.Join(", ", found))}");
        return null;
    }

    /// <summary>A list; <paramref name="read"/> takes each item.</summary>
    public IReadOnlyList<T> List<T>(Interval count, Func<StrictValue, T> read)
    {
        if (!Is(JsonValueKind.Array, "a list"))
        {
            return [];
        }

        if (!count.Contains(element.GetArrayLength()))
        {
            Fault($"expected a list with a length in {count}; found {element.GetArrayLength()}");
            return [];
        }

        var items = new List<T>();
        foreach (JsonElement item in element.EnumerateArray())
        {
            items.Add(read(new StrictValue(json, item, $"{path}[{items.Count}]")));
        }

        return items;
    }

    /// <summary>The value for each key of an object whose keys are data.</summary>
    public IReadOnlyDictionary<string, T> Map<T>(Func<StrictValue, T> read)
    {
        var map = new SortedDictionary<string, T>(StringComparer.Ordinal);
        if (Is(JsonValueKind.Object, "an object"))
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                map.Add(property.Name, read(new StrictValue(json, property.Value, $"{path}.{property.Name}")));
            }
        }

        return map;
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public int Integer(int min, int max)
    {
        int value = 0;
        bool fits = element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out value) && value >= min && value <= max;
        return Expect(fits, $"a whole number in [{min}, {max}]") ? value : 0;
    }

    /// <summary>A whole number of 64 bits without sign.</summary>
    public ulong UnsignedInteger()
    {
        ulong value = 0;
        bool fits = element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out value);
        return Expect(fits, $"a whole number in [0, {ulong.MaxValue}]") ? value : 0;
    }

    /// <summary>A number in <paramref name="range"/>, rounded once to double precision.</summary>
    public double Number(Interval range)
    {
        double value = 0;
        bool fits = element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out value) && range.Contains(value);
        return Expect(fits, $"a number in {range}") ? value : 0;
    }

    /// <summary>A number in <paramref name="range"/>, rounded once to single precision.</summary>
    public float Single(Interval range)
    {
        float value = 0;
        bool fits = element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out value) && range.Contains(value);
        return Expect(fits, $"a number in {range}") ? value : 0;
    }

    public bool Flag() =>
        Expect(element.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false") && element.GetBoolean();

    public string Text() => Is(JsonValueKind.String, "text") ? element.GetString()! : "";

    /// <summary>A text for which <paramref name="isValid"/> holds; <paramref name="description"/> says what that is.</summary>
    public string Text(Predicate<string> isValid, string description) =>
        Expect(IsText && isValid(element.GetString()!), description) ? element.GetString()! : "";

    /// <summary>A SHA-256 in lower-case hexadecimal.</summary>
    public string Sha256() => Text(
        text => text.Length == 64 && text.All(char.IsAsciiHexDigitLower), "a SHA-256 in lower-case hexadecimal");

    /// <summary>Notes a fault at this value.</summary>
    public void Fault(string message) => json.Add(path, message);

    private bool Is(JsonValueKind kind, string description) => Expect(element.ValueKind == kind, description);

    private bool Expect(bool holds, string description)
    {
        if (!holds && !IsMissing)
        {
            Fault($"expected {description}; found {Found()}");
        }

        return holds;
    }

    private string Found() => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => element.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : element.GetRawText(),
    };
}

/// <summary>An object of a <see cref="StrictJson"/> document whose keys have been checked.</summary>
internal readonly struct StrictObject(StrictJson json, JsonElement element, string path)
{
    /// <summary>The value of a key; missing if the key is.</summary>
    public StrictValue this[string key] => new(
        json,
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value) ? value : default,
        $"{path}.{key}");
}
