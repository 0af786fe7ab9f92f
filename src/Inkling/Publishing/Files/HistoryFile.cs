using Inkling.Packages;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Publishing.Files;

/// <summary><c>history.jsonl</c>: one line an epoch, the same bytes on every machine.</summary>
public static class HistoryFile
{
    /// <summary>The canonical text.</summary>
    public static string Write(IEnumerable<EpochResult> epochs) =>
        string.Concat(epochs.Select(epoch => CanonicalJson.WriteLine(EpochResult.Json.Write(epoch)) + "\n"));

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ModelFormatException">A line isn't an epoch.</exception>
    internal static IReadOnlyList<EpochResult> Read(string path) => PackageJson.ReadLines(path, "an epoch", EpochResult.Json);
}
