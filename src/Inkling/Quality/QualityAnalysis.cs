using Inkling.Data;
using Inkling.Engine;

namespace Inkling.Quality;

/// <summary>Looks at a dataset as an assessor would, and says what it found.</summary>
/// <example>
/// <code>
/// ImageDataset dataset = Datasets.Load("photos", new DatasetOptions { SkipUnreadable = true });
/// using var team = new WorkerTeam(Environment.ProcessorCount);
/// QualityReport report = QualityAnalysis.Run(dataset, new QualityOptions(), team);
/// Console.WriteLine(report.Worst);
/// </code>
/// </example>
public static class QualityAnalysis
{
    /// <summary>Share of suspected label errors from which on they are more than a note.</summary>
    private const double ManyLabelErrors = 0.01;

    /// <summary>Runs every check. Opens the test images: looking for faults in data is no choosing of a model.</summary>
    /// <param name="dataset">What to look at.</param>
    /// <param name="options">What to leave out.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    /// <remarks>
    /// Memory: the images themselves, and 1.6 kB for each besides (docs/quality.md). Time grows with N log N.
    /// </remarks>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static QualityReport Run(
        ImageDataset dataset, QualityOptions options, WorkerTeam team, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        Action<string> report = options.Report ?? (_ => { });
        report("measuring images and looking for duplicates");
        var images = new QualityImages(dataset);
        var context = new QualityContext(images);
        cancellation.ThrowIfCancellationRequested();

        List<QualityCheck> checks =
        [
            .. IntegrityChecks.Run(context), .. BalanceChecks.Run(context), .. PixelChecks.Run(context), .. DuplicateChecks.Run(context),
            .. ClarityChecks.Run(context), .. OutlierChecks.Run(context), .. ShiftChecks.Run(context), .. ShortcutChecks.Run(context),
            .. OrderChecks.Run(context),
        ];
        int[][] groups = DuplicateChecks.Groups(context, withNear: true);
        IReadOnlyList<LabelError>? errors = options.LabelErrors ? LabelErrors.Find(images, groups, team, report, cancellation) : null;
        if (errors is not null)
        {
            checks.AddRange(images.Splits.Select(split => LabelCheck(images, split, errors)));
        }

        return new QualityReport
        {
            Dataset = dataset,
            ClassCounts = images.Splits.ToDictionary(
                split => split, split => (IReadOnlyList<int>)BalanceChecks.CountClasses(images, split)),
            Checks = checks,
            Duplicates = [.. groups.Select(group => new DuplicateGroup(
                group.Select(i => context.FirstEqual[i]).Distinct().Count() == 1, [.. group.Select(images.Refer)]))],
            LabelErrors = errors,
            Exclusions = ExclusionRules.Choose(context, errors ?? []),
            Images = images,
        };
    }

    private static QualityCheck LabelCheck(QualityImages images, string split, IReadOnlyList<LabelError> errors)
    {
        int count = images.Members(split).Length;
        LabelError[] found = [.. errors.Where(error => error.Image.Split == split)];
        int confident = found.Count(error => error.IsConfident);
        double share = (double)confident / count;
        return new QualityCheck
        {
            Id = "label_errors",
            Title = "Suspected label errors",
            Split = split,
            Value = share,
            Threshold = ManyLabelErrors,
            Verdict = share > ManyLabelErrors ? Verdict.Warning : confident > 0 ? Verdict.Note : Verdict.Passed,
            Finding = $"{confident:N0} of {count:N0} images ({share:P2}) look like another class to models that have not seen them; {found.Length - confident:N0} more are doubtful.",
            Measure = confident > 0
                ? "Look at them in this order; correct them, or leave them out by the list of exclusions."
                : "None needed.",
            Count = confident,
            Examples = [.. found.Take(QualityContext.MaxExamples).Select(
                error => new QualityExample(error.Image, $"{error.Image.Label} → {error.Suggested}"))],
        };
    }
}

/// <summary>How much to look for.</summary>
public sealed record QualityOptions
{
    /// <summary>Whether to look for label errors, which takes most of the time.</summary>
    public bool LabelErrors { get; init; } = true;

    /// <summary>Is told what is being done.</summary>
    public Action<string>? Report { get; init; }
}
