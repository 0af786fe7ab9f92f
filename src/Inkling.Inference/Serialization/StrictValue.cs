using System.Text.Json;

namespace Inkling.Serialization;

/// <summary>
/// A value at a path of a <see cref="StrictJson"/> document. Each method asks for one type; a value that is missing has
/// been reported already and reads as after a fault.
/// </summary>
internal readonly struct StrictValue(StrictJson json, JsonElement element, string path)
{
    public string Path => path;

    public bool IsMissing => element.ValueKind == JsonValueKind.Undefined;

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    public bool IsText => element.ValueKind == JsonValueKind.String;

    public bool IsList => element.ValueKind == JsonValueKind.Array;

    /// <summary>An object with all keys of the first list and any of the second; with others only if it is open.</summary>
    public StrictObject Object(IReadOnlyList<string> required, IReadOnlyList<string> optional, bool isOpen)
    {
        if (!Is(JsonValueKind.Object, "an object"))
        {
            return new StrictObject(json, default, path);
        }

        foreach (string key in required)
        {
            if (!element.TryGetProperty(key, out _))
            {
                json.Add(path, $"missing key \"{key}\"");
            }
        }

        IEnumerable<string> found = isOpen ? [] : element.EnumerateObject().Select(property => property.Name);
        foreach (string name in found.Where(name => !required.Contains(name) && !optional.Contains(name)))
        {
            json.Add($"{path}.{name}", $"unknown key; known here are {string.Join(", ", [.. required, .. optional])}");
        }

        return new StrictObject(json, element, path);
    }

    /// <summary>An object with exactly one key out of <paramref name="names"/>, which says what its value is.</summary>
    /// <returns>That key and its value; null after a fault.</returns>
    public (string Name, StrictValue Value)? Choice(string[] names)
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

        string keys = found.Length == 0 ? "none" : string.Join(", ", found);
        Fault($"expected exactly one key out of {string.Join(", ", names)}; found {keys}");
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

    /// <summary>The value for each key of an object whose keys are data; <paramref name="keyFault"/> says what is wrong with one.</summary>
    public IReadOnlyDictionary<string, T> Map<T>(Func<StrictValue, T> read, Func<string, string?>? keyFault = null)
    {
        var map = new SortedDictionary<string, T>(StringComparer.Ordinal);
        if (Is(JsonValueKind.Object, "an object"))
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                map.Add(property.Name, read(new StrictValue(json, property.Value, $"{path}.{property.Name}")));
            }
        }

        foreach (string fault in map.Keys.Select(key => keyFault?.Invoke(key)).OfType<string>())
        {
            Fault(fault);
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

    /// <summary>A number in <paramref name="range"/>, rounded once to double precision; after a fault its lower end.</summary>
    public double Number(Interval range)
    {
        double value = 0;
        bool fits = element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out value) && range.Contains(value);
        return Expect(fits, $"a number in {range}") ? value : range.Low;
    }

    /// <summary>A number in <paramref name="range"/>, rounded once to single precision; after a fault its lower end.</summary>
    public float Single(Interval range)
    {
        float value = 0;
        bool fits = element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out value) && range.Contains(value);
        return Expect(fits, $"a number in {range}") ? value : (float)range.Low;
    }

    public bool Flag() =>
        Expect(element.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false") && element.GetBoolean();

    public string Text() => Is(JsonValueKind.String, "text") ? element.GetString()! : "";

    /// <summary>A text for which <paramref name="isValid"/> holds; <paramref name="description"/> says what that is.</summary>
    public string Text(Predicate<string> isValid, string description) =>
        Expect(IsText && isValid(element.GetString()!), description) ? element.GetString()! : "";

    /// <summary>Notes that a name is this value's, which no other of the document may have.</summary>
    /// <returns>The name.</returns>
    public string Own(string name)
    {
        if (name.Length > 0 && !json.Take(name))
        {
            Fault($"expected a name of its own; found {name} a second time");
        }

        return name;
    }

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
    /// <summary>The object as a value.</summary>
    public StrictValue Whole => new(json, element, path);

    /// <summary>The value of a key; missing if the key is.</summary>
    public StrictValue this[string key] => new(
        json,
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value) ? value : default,
        $"{path}.{key}");
}
