namespace Inkling.Serialization;

/// <summary>Names of recipes and layers: short, and fit for a file or a tensor.</summary>
internal static class ShortName
{
    /// <summary>What is expected, for messages.</summary>
    public const string Description = "a name of 1 to 100 letters, digits, '.', '_' or '-'";

    /// <summary>Whether a text is such a name.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
