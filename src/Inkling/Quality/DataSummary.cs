using Inkling.Data;
using Inkling.Duplicates;

namespace Inkling.Quality;

/// <summary>
/// The few facts about data that every package records: how many images a class has, and copies. All of them cost one pass over
/// the pixels; the whole analysis is <see cref="QualityAnalysis"/>.
/// </summary>
/// <remarks>Copies are equal pixel by pixel, in thumbnails of 32×32 where images are larger.</remarks>
public sealed record DataSummary
{
    /// <summary>[K] training images of each class, those held out to validate by included.</summary>
    public required IReadOnlyList<int> TrainCounts { get; init; }

    /// <summary>[K] test images of each class; null without test images.</summary>
    public required IReadOnlyList<int>? TestCounts { get; init; }

    /// <summary>Training images that equal an earlier one.</summary>
    public required int TrainCopies { get; init; }

    /// <summary>Test images that equal a training image.</summary>
    public required int TestCopiesOfTrain { get; init; }

    /// <summary>Images of either split that have a copy under another label.</summary>
    public required int ContradictoryCopies { get; init; }

    /// <summary>Counts.</summary>
    public static DataSummary Of(ImageSet train, ImageSet? test)
    {
        ArgumentNullException.ThrowIfNull(train);
        int[] first = ExactDuplicates.FirstEqual(train.ToThumbnails().Followed(test is null ? null : test.ToThumbnails()));
        int[] labels = [.. train.Labels, .. test is null ? [] : test.Labels];
        return new DataSummary
        {
            TrainCounts = CountClasses(train),
            TestCounts = test is null ? null : CountClasses(test),
            TrainCopies = Enumerable.Range(0, train.Count).Count(i => first[i] != i),
            TestCopiesOfTrain = first.Skip(train.Count).Count(i => i < train.Count),
            ContradictoryCopies = Enumerable.Range(0, first.Length).GroupBy(i => first[i])
                .Where(group => group.Skip(1).Any() && group.Select(i => labels[i]).Distinct().Skip(1).Any())
                .Sum(group => group.Count()),
        };
    }

    private static int[] CountClasses(ImageSet images)
    {
        int[] counts = new int[images.ClassCount];
        foreach (int label in images.Labels)
        {
            counts[label]++;
        }

        return counts;
    }
}
