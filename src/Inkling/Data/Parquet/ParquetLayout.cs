namespace Inkling.Data.Parquet;

/// <summary>What the paths of Parquet files say of them, as the Hub lays them out.</summary>
/// <remarks>
/// The split of a file is the last word of its path that names one: <c>data/train-00000-of-00002.parquet</c>,
/// <c>default/test/0000.parquet</c>, <c>digits_valid.parquet</c>; a file that names none is training data. Words as in the
/// Hub's "File names and splits".
/// </remarks>
internal static class ParquetLayout
{
    /// <summary>Ends the name of such a file.</summary>
    public const string Extension = ".parquet";

    private static readonly Dictionary<string, string> Splits = new()
    {
        ["train"] = "train",
        ["training"] = "train",
        ["validation"] = "validation",
        ["valid"] = "validation",
        ["val"] = "validation",
        ["dev"] = "validation",
        ["test"] = "test",
        ["testing"] = "test",
        ["eval"] = "test",
        ["evaluation"] = "test",
    };

    /// <summary><c>train</c>, <c>validation</c> or <c>test</c>.</summary>
    /// <param name="name">A path with slashes.</param>
    public static string SplitOf(string name) => Named(Path.ChangeExtension(name, null)).LastOrDefault("train");

    /// <summary>Folders that hold a dataset each, in ordinal order: those of the files, less what only names a split.</summary>
    /// <param name="names">Paths with slashes.</param>
    public static IReadOnlyList<string> FoldersOf(IEnumerable<string> names) =>
        [.. names.Select(FolderOf).Distinct().Order(StringComparer.Ordinal)];

    private static string FolderOf(string name) =>
        string.Join('/', name.Split('/')[..^1].Where(folder => !Named(folder).Any()).DefaultIfEmpty("."));

    private static IEnumerable<string> Named(string text)
    {
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsAsciiLetter(text[i]))
            {
                continue;
            }

            if (Splits.TryGetValue(text[start..i].ToLowerInvariant(), out string? split))
            {
                yield return split;
            }

            start = i + 1;
        }
    }
}
