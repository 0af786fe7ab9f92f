using Inkling.Data;
using Inkling.Duplicates;
using Inkling.Rendering;

namespace Inkling.Publishing.Report;

/// <summary>The headline of the data's quality: what can be counted at once. <c>inkling data check</c> looks further.</summary>
internal static class DataSection
{
    internal static Html? Write(ReportFacts facts)
    {
        ImageSet train = facts.Gallery.Train;
        int[] counts = new int[train.ClassCount];
        foreach (int label in train.Labels)
        {
            counts[label]++;
        }

        int least = Array.IndexOf(counts, counts.Min());
        int most = Array.IndexOf(counts, counts.Max());
        return Html.Of(
            $"""
            <dl>
            <dt>training pictures</dt><dd>{facts.Package.Lock.Split.Train:N0}</dd>
            <dt>validation pictures</dt><dd>{facts.Package.Lock.Split.Validation:N0}</dd>
            {(facts.IsTest ? Html.Of($"<dt>test pictures</dt><dd>{facts.Metrics.Count:N0}</dd>") : Html.Empty)}
            <dt>left out by a list</dt><dd>{facts.Package.Lock.Data.Exclusions?.Count ?? 0:N0}</dd>
            <dt>largest class</dt><dd>{facts.Classes[most]} ({counts[most]:N0} pictures)</dd>
            <dt>smallest class</dt><dd>{facts.Classes[least]} ({counts[least]:N0} pictures)</dd>
            {Duplicates(facts, train)}
            </dl>
            <p>The whole analysis, with suspected wrong labels, outliers and near duplicates:</p>
            <pre><code>inkling data check {facts.Package.Lock.Data.Name}</code></pre>
            """);
    }

    private static Html Duplicates(ReportFacts facts, ImageSet train)
    {
        Thumbnails? test = facts.IsTest ? facts.Evaluation.Images.ToThumbnails() : null;
        int[] first = ExactDuplicates.FirstEqual(train.ToThumbnails().Followed(test));
        int repeated = first.Take(train.Count).Index().Count(image => image.Item != image.Index);
        int leaked = first.Skip(train.Count).Count(equal => equal < train.Count);
        return Html.Of(
            $"""
            <dt>pictures that are in the training data twice</dt><dd>{repeated:N0}</dd>
            {(facts.IsTest ? Html.Of($"<dt>test pictures that are in the training data, too</dt><dd>{leaked:N0}</dd>") : Html.Empty)}
            """);
    }
}
