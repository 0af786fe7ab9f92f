using System.Text.Json.Nodes;

namespace Inkling.Serialization;

/// <summary>
/// How the values of a type stand in JSON: one description, by which they are read with every check, and written.
/// </summary>
/// <remarks>
/// Made of <see cref="JsonForm"/>'s scalars and lists, <see cref="JsonShape{T}"/> for objects and <see cref="JsonChoice{T}"/> for one
/// of several.
/// </remarks>
public abstract class JsonForm<T>
{
    private protected JsonForm()
    {
    }

    /// <summary>The tree to write, through <see cref="CanonicalJson"/>.</summary>
    public abstract JsonNode? Write(T value);

    /// <summary>Reads a whole document.</summary>
    /// <returns>What was read, which is of use only if there are no faults; and these, the first hundred at once.</returns>
    public (T? Value, IReadOnlyList<JsonFault> Faults) Parse(ReadOnlyMemory<byte> utf8) => StrictJson.Read(utf8, Read);

    /// <summary>The same JSON for another type.</summary>
    /// <param name="read">What is made of a value that was read.</param>
    /// <param name="write">The value to write.</param>
    public JsonForm<TOther> As<TOther>(Func<T, TOther> read, Func<TOther, T> write) =>
        JsonForm.Of<TOther>(value => read(Read(value)), other => Write(write(other)));

    /// <summary>What stands there; after a fault, which has been noted, something that reading can go on with.</summary>
    internal abstract T Read(StrictValue value);
}

/// <summary>The forms that tables of fields are made of; for <c>using static</c>.</summary>
public static class JsonForm
{
    /// <summary>Any text.</summary>
    public static JsonForm<string> Text { get; } = Of(value => value.Text(), text => text);

    /// <summary>A name of a recipe or a layer: short, and fit for a file or a tensor.</summary>
    public static JsonForm<string> ShortName { get; } = TextWhere(
        text => text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'),
        "a name of 1 to 100 letters, digits, '.', '_' or '-'");

    /// <summary>A SHA-256 in lower-case hexadecimal.</summary>
    public static JsonForm<string> Sha256 { get; } = TextWhere(
        text => text.Length == 64 && text.All(char.IsAsciiHexDigitLower), "a SHA-256 in lower-case hexadecimal");

    /// <summary>True or false.</summary>
    public static JsonForm<bool> Flag { get; } = Of(value => value.Flag(), flag => flag);

    /// <summary>A whole number of 64 bits without sign.</summary>
    public static JsonForm<ulong> Unsigned { get; } = Of(value => value.UnsignedInteger(), number => number);

    /// <summary>A short name that only one value of the document may have.</summary>
    internal static JsonForm<string> UniqueName { get; } = Of(value => value.Own(ShortName.Read(value)), name => name);

    /// <summary>A text for which something holds.</summary>
    /// <param name="isValid">What has to hold.</param>
    /// <param name="description">What is expected, for messages.</param>
    public static JsonForm<string> TextWhere(Predicate<string> isValid, string description) =>
        Of(value => value.Text(isValid, description), text => text);

    /// <summary>One of a few texts.</summary>
    public static JsonForm<string> OneOf(params string[] texts) =>
        TextWhere(texts.Contains, string.Join(" or ", texts.Select(text => $"\"{text}\"")));

    /// <summary>One of a few texts, each of which stands for a value.</summary>
    public static JsonForm<T> OneOf<T>(params (string Text, T Value)[] choices) =>
        OneOf([.. choices.Select(choice => choice.Text)]).As(
            text => choices.FirstOrDefault(choice => choice.Text == text).Value,
            value => choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Text);

    /// <summary>A whole number between two ends, both in.</summary>
    public static JsonForm<int> Integer(int least = 0, int most = int.MaxValue) =>
        Of(value => value.Integer(least, most), number => number);

    /// <summary>A number between two ends, each in unless it is said to be out.</summary>
    /// <param name="least">The lower end.</param>
    /// <param name="most">The upper end.</param>
    /// <param name="aboveLeast">Whether the lower end is out.</param>
    /// <param name="belowMost">Whether the upper end is out.</param>
    public static JsonForm<double> Number(
        double least = double.MinValue, double most = double.MaxValue, bool aboveLeast = false, bool belowMost = false) =>
        Of(value => value.Number(new Interval(least, most, aboveLeast, belowMost)), number => number);

    /// <summary>As <see cref="Number"/>, rounded once to single precision.</summary>
    public static JsonForm<float> Float(float least, float most, bool aboveLeast = false, bool belowMost = false) =>
        Of(value => value.Single(new Interval(least, most, aboveLeast, belowMost)), number => number);

    /// <summary>A list.</summary>
    /// <param name="item">Of each item.</param>
    /// <param name="least">Fewest items.</param>
    /// <param name="most">Most items.</param>
    public static JsonForm<IReadOnlyList<T>> List<T>(JsonForm<T> item, int least = 0, int most = int.MaxValue) => Of<IReadOnlyList<T>>(
        value => value.List(new Interval(least, most), item.Read),
        items => new JsonArray([.. items.Select(item.Write)]));

    /// <summary>An object whose keys are data.</summary>
    /// <param name="item">Of each value.</param>
    /// <param name="keyFault">What is wrong with a key; null if nothing.</param>
    public static JsonForm<IReadOnlyDictionary<string, T>> Map<T>(JsonForm<T> item, Func<string, string?>? keyFault = null) =>
        Of<IReadOnlyDictionary<string, T>>(
            value => value.Map(item.Read, keyFault),
            map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, item.Write(pair.Value)))));

    /// <summary>Null, or what <paramref name="form"/> says.</summary>
    public static JsonForm<T?> OrNull<T>(JsonForm<T> form)
        where T : class =>
        Of<T?>(value => value.IsNull ? null : form.Read(value), some => some is null ? null : form.Write(some));

    /// <summary>As <see cref="OrNull"/>, for numbers.</summary>
    public static JsonForm<T?> NumberOrNull<T>(JsonForm<T> form)
        where T : struct =>
        Of<T?>(value => value.IsNull ? null : form.Read(value), some => some is { } number ? form.Write(number) : null);

    /// <summary>A text, or something else.</summary>
    /// <param name="text">What a text has to be.</param>
    /// <param name="ofText">What it stands for.</param>
    /// <param name="asText">The text of a value; null if it is written otherwise.</param>
    /// <param name="other">What is no text.</param>
    public static JsonForm<T> TextOr<T>(JsonForm<string> text, Func<string, T> ofText, Func<T, string?> asText, JsonForm<T> other) => Of(
        value => value.IsText ? ofText(text.Read(value)) : other.Read(value),
        some => asText(some) is { } written ? text.Write(written) : other.Write(some));

    /// <summary>A form that is in no table's words.</summary>
    internal static JsonForm<T> Of<T>(Func<StrictValue, T> read, Func<T, JsonNode?> write) => new Special<T>(read, write);

    private sealed class Special<T>(Func<StrictValue, T> read, Func<T, JsonNode?> write) : JsonForm<T>
    {
        public override JsonNode? Write(T value) => write(value);

        internal override T Read(StrictValue value) => read(value);
    }
}
