using Inkling.Packages;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Publishing.Files;

/// <summary><c>history.jsonl</c>: one line an epoch, the same bytes on every machine.</summary>
public static class HistoryFile
{
    private static readonly Interval Share = new(0, 1);
    private static readonly Interval NotNegative = new(0, float.MaxValue);

    /// <summary>The canonical text.</summary>
    public static string Write(IEnumerable<EpochResult> epochs) =>
        string.Concat(epochs.Select(epoch => CanonicalJson.WriteLine(EpochJson.Write(epoch)) + "\n"));

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ModelFormatException">A line isn't an epoch.</exception>
    internal static IReadOnlyList<EpochResult> Read(string path) => PackageJson.ReadLines(path, "an epoch", value =>
    {
        StrictObject epoch = value.Object(
            "epoch", "steps", "learning_rate", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "weights_sha256");
        return new EpochResult(
            epoch["epoch"].Integer(1, int.MaxValue),
            epoch["steps"].Integer(0, int.MaxValue),
            epoch["learning_rate"].Number(NotNegative),
            epoch["train_loss"].Number(NotNegative),
            epoch["train_accuracy"].Number(Share),
            epoch["validation_loss"] is { IsNull: false } loss ? loss.Number(NotNegative) : null,
            epoch["validation_accuracy"] is { IsNull: false } accuracy ? accuracy.Number(Share) : null,
            epoch["weights_sha256"].Text());
    });
}
