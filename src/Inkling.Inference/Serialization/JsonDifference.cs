using System.Text.Json.Nodes;

namespace Inkling.Serialization;

/// <summary>A place where two JSON values differ.</summary>
/// <param name="Path">E.g. <c>$.recipe.epochs</c>.</param>
/// <param name="First">The first value's text there; <c>nothing</c> if it has no such place.</param>
/// <param name="Second">The second's.</param>
public sealed record JsonDifference(string Path, string First, string Second)
{
    private const string Nothing = "nothing";
    private const int MaxText = 200;

    /// <summary>All places, in the order of canonical JSON. Numbers are compared as they would be written.</summary>
    public static IEnumerable<JsonDifference> Between(JsonNode? first, JsonNode? second) => Between("$", first, second);

    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {First} against {Second}";

    private static IEnumerable<JsonDifference> Between(string path, JsonNode? first, JsonNode? second) => (first, second) switch
    {
        (JsonObject a, JsonObject b) =>
            from key in a.Select(member => member.Key).Union(b.Select(member => member.Key)).Order(StringComparer.Ordinal)
            from difference in Members($"{path}.{key}", a, b, key)
            select difference,
        (JsonArray a, JsonArray b) =>
            from index in Enumerable.Range(0, Math.Max(a.Count, b.Count))
            from difference in Items($"{path}[{index}]", a, b, index)
            select difference,
        _ => Text(first) == Text(second) ? [] : [new JsonDifference(path, Short(Text(first)), Short(Text(second)))],
    };

    private static IEnumerable<JsonDifference> Members(string path, JsonObject a, JsonObject b, string key) =>
        a.ContainsKey(key) && b.ContainsKey(key)
            ? Between(path, a[key], b[key])
            : [OneSided(path, a.ContainsKey(key), a[key] ?? b[key])];

    private static IEnumerable<JsonDifference> Items(string path, JsonArray a, JsonArray b, int index) =>
        index < a.Count && index < b.Count
            ? Between(path, a[index], b[index])
            : [OneSided(path, index < a.Count, index < a.Count ? a[index] : b[index])];

    private static JsonDifference OneSided(string path, bool isFirst, JsonNode? node) => isFirst
        ? new JsonDifference(path, Short(Text(node)), Nothing)
        : new JsonDifference(path, Nothing, Short(Text(node)));

    private static string Text(JsonNode? node) => CanonicalJson.WriteLine(node);

    private static string Short(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";
}
