using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Packaging;

/// <summary><c>history.jsonl</c>: one line an epoch, the same bytes on every machine.</summary>
public static class HistoryFile
{
    /// <summary>The canonical text.</summary>
    public static string Write(IEnumerable<EpochResult> epochs) =>
        string.Concat(epochs.Select(epoch => CanonicalJson.WriteLine(EpochJson.Write(epoch)) + "\n"));
}
