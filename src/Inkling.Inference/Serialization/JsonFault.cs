namespace Inkling.Serialization;

/// <summary>One thing wrong in a JSON file.</summary>
/// <param name="Path">Where, e.g. <c>$.network.resnet.depths[1]</c>; <c>$</c> is the whole file.</param>
/// <param name="Line">1-based line of the file; null where there is none, as for a file that doesn't exist.</param>
/// <param name="Message">What was expected and what was found.</param>
public sealed record JsonFault(string Path, int? Line, string Message)
{
    /// <summary>One line: place, then message.</summary>
    public override string ToString() => (Line is null ? $"{Path}: {Message}" : $"{Path} (line {Line}): {Message}").ReplaceLineEndings(" ");
}
