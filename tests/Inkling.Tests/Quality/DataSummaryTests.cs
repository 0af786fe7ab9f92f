using System.Collections.Immutable;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Quality;

namespace Inkling.Tests.Quality;

public sealed class DataSummaryTests
{
    [Fact]
    public void Of_PlantedCopies_CountsThem()
    {
        // Images 0 to 5 train, 6 to 8 test; 2 copies 0 under its label, 4 copies 1 under another, test 7 copies train 3.
        ImageSet train = Images([1, 2, 1, 3, 2, 4], [0, 1, 0, 2, 2, 2]);
        ImageSet test = Images([5, 3, 6], [0, 2, 1]);

        DataSummary summary = DataSummary.Of(train, test);

        Assert.Equal([2, 1, 3], summary.TrainCounts);
        Assert.Equal([1, 1, 1], summary.TestCounts);
        Assert.Equal(2, summary.TrainCopies);
        Assert.Equal(1, summary.TestCopiesOfTrain);
        Assert.Equal(2, summary.ContradictoryCopies);
        Assert.Null(DataSummary.Of(train, null).TestCounts);
    }

    [Fact]
    public void Of_Mnist_HasItsKnownCounts()
    {
        ImageDataset mnist = Datasets.Load("mnist");

        DataSummary summary = DataSummary.Of(mnist.Train, mnist.Test!.Open());

        // The class counts that are published with the data.
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], summary.TrainCounts);
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], summary.TestCounts);
        Assert.Equal((0, 0, 0), (summary.TrainCopies, summary.TestCopiesOfTrain, summary.ContradictoryCopies));
    }

    private static ImageSet Images(byte[] greys, int[] labels) =>
        new(1, 2, 2, 3, [.. greys.SelectMany(grey => Enumerable.Repeat(grey, 4))], labels, ImmutableDictionary<string, string>.Empty);
}
