using Inkling.Duplicates;
using Inkling.Statistics;

namespace Inkling.Quality;

/// <summary>What all checks look at; measured once.</summary>
internal sealed class QualityContext
{
    public const int MaxExamples = 24;

    public QualityContext(QualityImages images)
    {
        Images = images;
        Properties = ImageProperties.Measure(images);
        FirstEqual = ExactDuplicates.FirstEqual(images.Thumbnails);
        NearPairs = NearDuplicates.Find(images.Thumbnails, FirstEqual);
        HasPlainBackground = SampleStatistics.Median(Properties.Select(p => p.Plain)) > 0.4;
    }

    public QualityImages Images { get; }

    /// <summary>Of every image.</summary>
    public ImageProperties[] Properties { get; }

    /// <summary>For every image the first that equals it.</summary>
    public int[] FirstEqual { get; }

    /// <summary>Pairs that are nearly equal.</summary>
    public IReadOnlyList<NearPair> NearPairs { get; }

    /// <summary>Whether most images show something on an even ground, so that it can be off the centre or too little.</summary>
    public bool HasPlainBackground { get; }

    /// <summary>A check that counts images.</summary>
    public QualityCheck Count(
        string id, string title, string split, IReadOnlyList<(int Image, string Note)> found, Verdict verdict, string what, string measure)
    {
        string finding = found.Count == 0
            ? $"None of {Images.Members(split).Length:N0} images {what}."
            : $"{found.Count:N0} of {Images.Members(split).Length:N0} images {what}.";
        return new QualityCheck
        {
            Id = id,
            Title = title,
            Split = split,
            Value = found.Count,
            Threshold = 0,
            Verdict = found.Count == 0 ? Verdict.Passed : verdict,
            Finding = finding,
            Measure = found.Count == 0 ? "None needed." : measure,
            Count = found.Count,
            Examples = [.. found.Take(MaxExamples).Select(one => new QualityExample(Images.Refer(one.Image), one.Note))],
        };
    }
}
