namespace Inkling.Data;

/// <summary>What the name of a dataset says.</summary>
public static class DatasetName
{
    /// <summary>What stands before the name of a dataset on the Hub.</summary>
    public const string HubPrefix = "hf:";

    /// <summary>
    /// Fit for a folder, a tag or a title: the last part of a name on the Hub without its revision, any other name as it is.
    /// </summary>
    /// <param name="name">Of a dataset, as its lock has it.</param>
    public static string Short(string name) => HubPath(name) is { } path ? path[(path.LastIndexOf('/') + 1)..] : name;

    /// <summary><c>USER/NAME</c> of a dataset on the Hub; null for any other.</summary>
    /// <param name="name">Of a dataset, as its lock has it.</param>
    public static string? HubId(string name) => HubPath(name) is { } path ? string.Join('/', path.Split('/').Take(2)) : null;

    private static string? HubPath(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(HubPrefix, StringComparison.Ordinal) ? name[HubPrefix.Length..].Split('@')[0] : null;
    }
}
