using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Evaluation.Explanations;
using Inkling.Publishing;
using Inkling.Tests.Cli;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Evaluation;

public sealed class ErrorGalleryTests(TinyModel tiny)
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(784)]
    [InlineData(200_003)]
    public void Distance_AnyLength_IsTheSumOfSquares(int length)
    {
        byte[] a = [.. Numbers.Uniform(1, length, 0, 256).Select(value => (byte)value)];
        byte[] b = [.. Numbers.Uniform(2, length, 0, 256).Select(value => (byte)value)];
        (a[0], b[0]) = (255, 0);

        Assert.Equal(a.Zip(b).Sum(pair => (long)(pair.First - pair.Second) * (pair.First - pair.Second)), NearestImages.Distance(a, b));
    }

    [Fact]
    public void Find_ImagesThatAreThereThemselves_ComeFirst()
    {
        ImageSet train = Datasets.Load(tiny.Data).Train;
        int[] candidates = [.. Enumerable.Range(0, train.Count)];
        using var team = new WorkerTeam(3);

        int[][] found = NearestImages.Find(train, [5, 700], train, candidates, 3, team);

        Assert.Equal([5, 700], found.Select(neighbours => neighbours[0]));
        Assert.All(found, neighbours => Assert.Equal(
            candidates.OrderBy(i => Truth(train.Image(neighbours[0]), train.Image(i))).Take(3), neighbours));
    }

    [Fact]
    public void Explain_MistakesOfAModel_CoverWhereTheAnswerIsLost()
    {
        ImageDataset dataset = Datasets.Load(tiny.Data);
        using TrainedPackage package = TrainedPackage.Open(tiny.Package);
        using var one = new WorkerTeam(1);
        using var three = new WorkerTeam(3);
        ModelEvaluation evaluation = new PackageEvaluator(package, one).Evaluate(dataset, "test").Evaluation;
        int[] trained = [.. Enumerable.Range(0, 400)];

        var gallery = ErrorGallery.Explain(evaluation, package.Weights, package.Normalization, dataset.Train, trained, one);
        var again = ErrorGallery.Explain(evaluation, package.Weights, package.Normalization, dataset.Train, trained, three);

        Assert.NotEmpty(gallery.Errors);
        Assert.Equal(evaluation.Mistakes, gallery.Errors.Select(error => error.Mistake));
        Assert.All(gallery.Errors.Zip(again.Errors), pair => Assert.Equal(pair.First.Map.Weights, pair.Second.Map.Weights));
        Assert.All(gallery.Errors, error => Assert.Equal((10, 10), (error.Map.Rows, error.Map.Columns)));
        Assert.All(gallery.Errors, error => Assert.All(error.Neighbours, index => Assert.InRange(index, 0, 399)));

        // A corner of a digit is ink-free: less hangs on it than on the middle.
        Assert.True(gallery.Errors.Average(error => error.Map.Weights[0]) < gallery.Errors.Average(error => error.Map.Weights[55]));
    }

    [Fact]
    public void Evaluate_MnistsTestImages_AlsoCountsWithoutTheRejectedLabels()
    {
        using TrainedPackage package = TrainedPackage.Open(tiny.Package);
        using var team = new WorkerTeam(2);

        ModelEvaluation evaluation = new PackageEvaluator(package, team).Evaluate(Datasets.Load("mnist"), "test").Evaluation;

        int[] rejected = [947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729];
        AcceptedLabels accepted = Assert.IsType<AcceptedLabels>(evaluation.AcceptedLabels);
        Assert.Equal(9985, accepted.Count);
        Assert.Equal(
            evaluation.Metrics.IsRight.Index().Count(image => image.Item && !rejected.Contains(image.Index)) / 9985.0, accepted.Accuracy);
        Assert.Null(new PackageEvaluator(package, team).Evaluate(Datasets.Load(tiny.Data), "test").Evaluation.AcceptedLabels);
    }

    private static long Truth(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        long sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (long)(a[i] - b[i]) * (a[i] - b[i]);
        }

        return sum;
    }
}
