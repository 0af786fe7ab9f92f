using System.Text.Json.Nodes;

namespace Inkling.Serialization;

/// <summary>
/// An object with exactly one key, which says what its value is: a table of kinds, each with its name, its type and its form.
/// </summary>
/// <param name="what">What is chosen, for messages: <c>A layer</c>.</param>
public sealed class JsonChoice<T>(string what) : JsonForm<T>
    where T : class
{
    private readonly List<(string Name, Func<StrictValue, T> Read, Func<T, JsonNode?> Write)> _kinds = [];

    /// <summary>The kinds' names.</summary>
    internal string[] Names => [.. _kinds.Select(kind => kind.Name)];

    /// <summary>A kind with a type of its own.</summary>
    /// <param name="name">The key.</param>
    /// <param name="form">What stands behind it.</param>
    public JsonChoice<T> Kind<TKind>(string name, JsonForm<TKind> form)
        where TKind : class, T => Kind(name, form, value => value as TKind, kind => kind);

    /// <summary>A kind that stands in JSON as something else.</summary>
    /// <param name="name">The key.</param>
    /// <param name="form">What stands behind it.</param>
    /// <param name="write">What to write of a value; null if it is of another kind.</param>
    /// <param name="read">The value of what was read.</param>
    public JsonChoice<T> Kind<TKind>(string name, JsonForm<TKind> form, Func<T, TKind?> write, Func<TKind, T> read)
        where TKind : class
    {
        _kinds.Add((name, value => read(form.Read(value)), value => write(value) is { } kind ? form.Write(kind) : null));
        return this;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">It is of no kind that has a name.</exception>
    public override JsonObject Write(T value)
    {
        foreach ((string name, _, Func<T, JsonNode?> write) in _kinds)
        {
            if (write(value) is { } json)
            {
                return new JsonObject { [name] = json };
            }
        }

        throw new ArgumentException($"{what} of type {value.GetType().Name} has no JSON form.");
    }

    /// <summary>Null after a fault.</summary>
    internal override T Read(StrictValue value) =>
        value.Choice(Names) is (string name, StrictValue chosen) ? _kinds.First(kind => kind.Name == name).Read(chosen) : null!;
}
