using System.Globalization;
using Inkling.Data;
using Inkling.Evaluation;
using Inkling.Evaluation.Explanations;
using Inkling.Packages;
using Inkling.Publishing.Card;
using Inkling.Publishing.Files;
using Inkling.Rendering;
using Inkling.Statistics;
using Inkling.Training;

namespace Inkling.Publishing.Report;

/// <summary>What a report is made from.</summary>
/// <param name="Package">Files of the package.</param>
/// <param name="History">A line of <c>history.jsonl</c> for each epoch.</param>
/// <param name="Evaluation">What the model is worth on the images that the report is about.</param>
/// <param name="Gallery">Its mistakes, explained.</param>
internal sealed record ReportFacts(CardFacts Package, IReadOnlyList<EpochResult> History, ModelEvaluation Evaluation, ErrorGallery Gallery)
{
    /// <summary>More classes than this don't fit a table across.</summary>
    internal const int MostColumns = 20;

    /// <summary>Names of the classes.</summary>
    internal IReadOnlyList<string> Classes => Package.Config.Classes;

    /// <summary>All metrics.</summary>
    internal ClassificationMetrics Metrics => Evaluation.Metrics;

    /// <summary>Whether it is about the test images, or for want of them about the validation images.</summary>
    internal bool IsTest => Package.Lock.Data.Fingerprints.Test is not null;

    /// <summary>What the images are called.</summary>
    internal string Subject => IsTest ? "test" : "validation";

    internal static ReportFacts Read(string folder, ModelEvaluation evaluation, ErrorGallery gallery) => new(
        CardFacts.Read(folder, null),
        HistoryFile.Read(Path.Combine(folder, PackageFiles.History)),
        evaluation,
        gallery);

    internal static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    internal static string Percent(ProportionInterval interval) => string.Create(
        CultureInfo.InvariantCulture, $"{100 * interval.Low:F2} to {100 * interval.High:F2} %");

    internal static string Times(int count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} times");

    /// <summary>An image of a set.</summary>
    internal static Html Picture(ImageSet images, int index, string description) => Html.Of(
        $"""<img loading="lazy" alt="{description}" src="{ImageData.Png(images.Image(index), images.Channels, images.Height, images.Width)}">""");
}
