using Inkling.Engine;

namespace Inkling.Quality;

/// <summary>An image whose label is probably wrong.</summary>
/// <param name="Image">The image.</param>
/// <param name="Suggested">Name of the class that it looks like.</param>
/// <param name="Score">p / (p + q), of the probabilities p of its label and q of the likeliest other class; 0 to 1: the lower, the
/// worse.</param>
/// <param name="IsConfident">Whether confident learning counts it as wrong, not only as doubtful.</param>
public sealed record LabelError(ImageReference Image, string Suggested, double Score, bool IsConfident);

/// <summary>Suspected label errors, by confident learning on predictions of models that have not seen the image.</summary>
/// <remarks>
/// An image counts as wrongly labelled if another class's probability is at least the mean that this class gives its own
/// images (Northcutt, Jiang, Chuang 2021, "Confident learning", arXiv:1911.00068). Why they are ranked as they are: docs/quality.md.
/// </remarks>
internal sealed class LabelErrors
{
    /// <summary>Score below which an image is worth a look: another class has a third of its label's probability.</summary>
    private const double Doubtful = 0.75;

    private readonly QualityImages _images;
    private readonly int _classes;

    private LabelErrors(QualityImages images) => (_images, _classes) = (images, images.Dataset.ClassNames.Count);

    /// <summary>Doubtful images, worst first.</summary>
    /// <param name="images">All images.</param>
    /// <param name="groups">Groups of copies.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    /// <param name="report">Is told of every model.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    public static IReadOnlyList<LabelError> Find(
        QualityImages images, int[][] groups, WorkerTeam team, Action<string> report, CancellationToken cancellation)
    {
        var predictions = new OutOfFoldPredictions(images, new OutOfFoldScheme(), team);
        return predictions.IsPossible ? new LabelErrors(images).Rank(predictions.Mean(groups, report, cancellation)) : [];
    }

    private LabelError[] Rank(float[] probabilities)
    {
        double[] thresholds = OwnConfidence(probabilities);
        return
        [
            .. Enumerable.Range(0, _images.Count)
                .Select(i => Judge(i, probabilities.AsSpan(i * _classes, _classes), thresholds))
                .Where(error => error.IsConfident || error.Score < Doubtful)
                .OrderBy(error => error.Score),
        ];
    }

    /// <summary>[K] mean probability that a class gives the images labelled with it.</summary>
    private double[] OwnConfidence(float[] probabilities)
    {
        double[] sums = new double[_classes];
        int[] counts = new int[_classes];
        for (int i = 0; i < _images.Count; i++)
        {
            sums[_images.Label(i)] += probabilities[i * _classes + _images.Label(i)];
            counts[_images.Label(i)]++;
        }

        return [.. sums.Zip(counts, (sum, count) => count == 0 ? double.PositiveInfinity : sum / count)];
    }

    private LabelError Judge(int image, ReadOnlySpan<float> row, double[] thresholds)
    {
        int given = _images.Label(image);
        int likeliest = given == 0 ? 1 : 0;
        bool isConfident = false;
        double best = -1;
        for (int k = 0; k < row.Length; k++)
        {
            likeliest = k != given && row[k] > row[likeliest] ? k : likeliest;
            if (row[k] >= thresholds[k] && row[k] > best)
            {
                best = row[k];
                isConfident = k != given;
            }
        }

        return new LabelError(
            _images.Refer(image), _images.Dataset.ClassNames[likeliest], row[given] / ((double)row[given] + row[likeliest]), isConfident);
    }
}
