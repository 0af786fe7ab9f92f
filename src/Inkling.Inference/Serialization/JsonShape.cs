using System.Text.Json.Nodes;

namespace Inkling.Serialization;

/// <summary>
/// The JSON object of a record as a table: a row a key, in which stand what its value may be, where it comes from and where it goes.
/// </summary>
/// <remarks>
/// Reading starts from a record without values and goes down the rows, each of which puts in its value; a later row may so depend on an
/// earlier one. Keys that are missing or unknown are faults. Rows are added while the table is made, and then no more.
/// </remarks>
public sealed class JsonShape<T> : JsonForm<T>
{
    private const string SchemaKey = "schema";

    private readonly T _unset;
    private readonly bool _isOpen;
    private readonly List<string> _required = [];
    private readonly List<string> _optional = [];
    private readonly List<Row> _rows = [];
    private int? _schema;

    /// <param name="unset">The record before anything is read.</param>
    /// <param name="isOpen">Whether other keys are read over: a format that isn't ours to close.</param>
    public JsonShape(T unset, bool isOpen = false)
    {
        _unset = unset;
        _isOpen = isOpen;
    }

    /// <summary>The keys that may stand there, the required ones first.</summary>
    internal IEnumerable<string> Keys => [.. _required, .. _optional];

    /// <summary>A key that has to be there.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="form">What its value may be.</param>
    /// <param name="get">The value in a record.</param>
    /// <param name="set">The record with a value.</param>
    public JsonShape<T> Required<TValue>(string key, JsonForm<TValue> form, Func<T, TValue> get, Func<T, TValue, T> set) =>
        Required(key, _ => form, get, set);

    /// <summary>A key that has to be there, and whose value depends on the rows before.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="form">What its value may be, from the record as it has been read so far.</param>
    /// <param name="get">The value in a record.</param>
    /// <param name="set">The record with a value.</param>
    public JsonShape<T> Required<TValue>(string key, Func<T, JsonForm<TValue>> form, Func<T, TValue> get, Func<T, TValue, T> set)
    {
        _required.Add(key);
        return Add(
            (record, members) => set(record, form(record).Read(members[key])),
            (record, json) => json[key] = form(record).Write(get(record)));
    }

    /// <summary>A key that may be absent. It is left out where the value is that of the record before anything is read.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="form">What its value may be.</param>
    /// <param name="get">The value in a record.</param>
    /// <param name="set">The record with a value.</param>
    public JsonShape<T> Optional<TValue>(string key, JsonForm<TValue> form, Func<T, TValue?> get, Func<T, TValue, T> set) =>
        Optional(key, _ => form, get, set);

    /// <summary>A key that may be absent, and whose value depends on the rows before.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="form">What its value may be, from the record as it has been read so far.</param>
    /// <param name="get">The value in a record.</param>
    /// <param name="set">The record with a value.</param>
    public JsonShape<T> Optional<TValue>(string key, Func<T, JsonForm<TValue>> form, Func<T, TValue?> get, Func<T, TValue, T> set)
    {
        _optional.Add(key);
        return Add(
            (record, members) => members[key] is { IsMissing: false } value ? set(record, form(record).Read(value)) : record,
            (record, json) =>
            {
                if (get(record) is { } value && !EqualityComparer<TValue>.Default.Equals(value, get(_unset)))
                {
                    json[key] = form(record).Write(value);
                }
            });
    }

    /// <summary>A key that has one value in every record.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="form">What refuses every other value.</param>
    /// <param name="value">The value.</param>
    public JsonShape<T> Constant<TValue>(string key, JsonForm<TValue> form, TValue value) =>
        Required(key, form, _ => value, (record, _) => record);

    /// <summary>A key that is written for others; what it holds isn't read, but a closed object has to have it.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="write">What stands there.</param>
    public JsonShape<T> Written(string key, Func<T, JsonNode?> write)
    {
        if (!_isOpen)
        {
            _required.Add(key);
        }

        return Add((record, _) => record, (record, json) => json[key] = write(record));
    }

    /// <summary>The rows of a part that stands in no object of its own.</summary>
    /// <param name="part">Its table.</param>
    /// <param name="get">The part in a record.</param>
    /// <param name="set">The record with a part.</param>
    public JsonShape<T> Include<TPart>(JsonShape<TPart> part, Func<T, TPart> get, Func<T, TPart, T> set)
    {
        _required.AddRange(part._required);
        _optional.AddRange(part._optional);
        return Add(
            (record, members) => set(record, part.Read(get(record), members)),
            (record, json) => part.Write(get(record), json));
    }

    /// <summary>More rows of an open object, which depend on the rows before.</summary>
    /// <param name="more">Their table, from the record as it has been read so far; null for none.</param>
    internal JsonShape<T> Include(Func<T, JsonShape<T>?> more) => Add(
        (record, members) => more(record) is { } shape ? shape.Read(record, shape.Members(members.Whole)) : record,
        (record, json) => more(record)?.Write(record, json));

    /// <summary>What has to hold of the rows before.</summary>
    /// <param name="key">Where a fault is told.</param>
    /// <param name="fault">What was expected and found; null if all is well.</param>
    public JsonShape<T> Check(string key, Func<T, string?> fault) => Check(members => members[key], fault);

    /// <summary>What has to hold of the rows before, told of the whole object.</summary>
    /// <param name="fault">What was expected and found; null if all is well.</param>
    public JsonShape<T> Check(Func<T, string?> fault) => Check(members => members.Whole, fault);

    /// <summary>The key <c>schema</c>, looked at first: of another number the keys aren't known, so nothing else is read.</summary>
    /// <param name="number">The one that is known.</param>
    public JsonShape<T> Schema(int number)
    {
        _schema = number;
        _required.Add(SchemaKey);
        return Add((record, _) => record, (_, json) => json[SchemaKey] = number);
    }

    /// <inheritdoc/>
    public override JsonObject Write(T value)
    {
        var json = new JsonObject();
        Write(value, json);
        return json;
    }

    /// <summary>Writes the keys beside others.</summary>
    internal void Write(T value, JsonObject json) => _rows.ForEach(row => row.Write(value, json));

    internal override T Read(StrictValue value) =>
        _schema is { } schema && !IsOfSchema(value, schema) ? _unset : Read(_unset, Members(value));

    private static bool IsOfSchema(StrictValue value, int schema)
    {
        StrictValue found = value.Object([SchemaKey], [], isOpen: true)[SchemaKey];
        int number = found.Integer(1, int.MaxValue);
        if (number > schema)
        {
            found.Fault($"this version of Inkling reads schema {schema}; found {number}, which needs a newer version");
        }

        return number == schema;
    }

    private StrictObject Members(StrictValue value) => value.Object(_required, _optional, _isOpen);

    private T Read(T start, StrictObject members) => _rows.Aggregate(start, (record, row) => row.Read(record, members));

    private JsonShape<T> Check(Func<StrictObject, StrictValue> place, Func<T, string?> fault) => Add(
        (record, members) =>
        {
            if (fault(record) is { } message)
            {
                place(members).Fault(message);
            }

            return record;
        },
        (_, _) => { });

    private JsonShape<T> Add(Func<T, StrictObject, T> read, Action<T, JsonObject> write)
    {
        _rows.Add(new Row(read, write));
        return this;
    }

    private readonly record struct Row(Func<T, StrictObject, T> Read, Action<T, JsonObject> Write);
}
