using System.Globalization;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Quality;

namespace Inkling.Benchmarks;

/// <summary>
/// How well wrong labels are found that were planted among MNIST's training images, by the way in which models come to
/// predict images that they have not seen. The test images, and with them the labels that people have judged, play no part.
/// </summary>
/// <remarks>
/// Three kinds of wrong label, a like number of each. <c>any</c>: any other class; <c>like</c>: the class most like the given one
/// (4 and 9, 3 and 5 …); <c>odd</c>: images nearer to the mean image of another class than most, with that class's label. A
/// kind's figures leave the images of the other kinds out of the list. Labels that were wrong before
/// count as right, for every scheme alike.
/// </remarks>
internal static class LabelErrorSchemes
{
    /// <summary>Of about the same cost each: rounds · (folds − 1) · epochs is some 24 at width 16.</summary>
    private static readonly OutOfFoldScheme[] Schemes =
    [
        new(Folds: 2, Rounds: 8, Epochs: 3),
        new(Folds: 2, Rounds: 5, Epochs: 5),
        new(Folds: 3, Rounds: 2, Epochs: 6),
        new(Folds: 5, Rounds: 2, Epochs: 3),
        new(Folds: 5, Rounds: 1, Epochs: 6),
        new(Folds: 3, Rounds: 4, Epochs: 3),
        new(Folds: 10, Rounds: 1, Epochs: 3),
        new(Folds: 3, Rounds: 2, Epochs: 6, LabelSmoothing: 0.1),
        new(Folds: 3, Rounds: 1, Epochs: 5, Width: 32),
        new(Folds: 3, Rounds: 3, Epochs: 8, Width: 8),
    ];

    /// <summary>
    /// Test images whose given label fewer than 3 of 5 people kept: cleanlab/label-errors, mturk/mnist_mturk.json (Northcutt,
    /// Athalye, Mueller 2021, arXiv:2103.14749).
    /// </summary>
    private static readonly int[] Rejected = [947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729];

    private static readonly string[] Kinds = ["any", "like", "odd"];

    /// <summary>The class that people write most alike.</summary>
    private static readonly int[] Alike = [6, 7, 7, 5, 9, 3, 0, 1, 3, 4];

    private static readonly (string Name, Func<float[], int, float> Score)[] Scores =
    [
        ("margin", Margin),
        ("confidence", (row, given) => row[given]),
        ("ratio", (row, given) => row[given] / (row[given] + Others(row, given).Max())),
    ];

    /// <summary>Writes rows of a table, one for each scheme and score.</summary>
    /// <param name="count">Training images to use.</param>
    /// <param name="seeds">Sets of planted labels; a row is the mean over them.</param>
    /// <param name="only">The scheme, from 1, or 0 for models that have seen every image; null for all.</param>
    public static void Run(int count, int seeds, int? only)
    {
        ImageSet images = Datasets.Load("mnist").Train.Subset([.. Enumerable.Range(0, count)]);
        using var team = new WorkerTeam(Environment.ProcessorCount);
        (ImageDataset Dataset, int[] KindOf)[] planted = [.. Enumerable.Range(0, seeds).Select(seed => Plant(images, (ulong)seed + 1))];
        Console.WriteLine(
            $"| scheme | score | {string.Join(" | ", Kinds.Select(kind => $"{kind}: average precision | found"))} | mean | seconds |");
        foreach (int number in Enumerable.Range(0, Schemes.Length + 1).Where(number => only is null || number == only))
        {
            int[] all = [.. Enumerable.Range(0, count)];
            OutOfFoldScheme scheme = Schemes[Math.Max(0, number - 1)];
            Report(number == 0 ? "has seen every image" : scheme.ToString(), planted, dataset =>
            {
                var predictions = new OutOfFoldPredictions(new QualityImages(dataset), scheme, team);
                return number == 0
                    ? predictions.TrainAndPredict(all, all, 1, CancellationToken.None)
                    : predictions.Mean([], _ => { }, CancellationToken.None);
            });
        }
    }

    /// <summary>
    /// Measures what ships, and the usual baseline, against MNIST's test images whose label people have rejected. Not for
    /// choosing anything.
    /// </summary>
    public static void Judge()
    {
        ImageDataset dataset = Datasets.Load("mnist");
        using var team = new WorkerTeam(Environment.ProcessorCount);
        var images = new QualityImages(dataset);
        var predictions = new OutOfFoldPredictions(images, new OutOfFoldScheme(), team);
        int[] all = [.. Enumerable.Range(0, images.Count)];
        int[] tests = images.Members("test");
        Console.WriteLine("| | in the first 15 | 50 | 100 | average precision |");
        Write("this list", predictions.Mean([], _ => { }, CancellationToken.None),
            (row, given) => row[given] / (row[given] + Others(row, given).Max()));
        Write("confidence of a model that has seen every image", predictions.TrainAndPredict(all, all, 1, CancellationToken.None), (row, given) => row[given]);

        void Write(string name, float[] rows, Func<float[], int, float> score)
        {
            int classes = dataset.ClassNames.Count;
            int[] places =
            [
                .. tests.OrderBy(i => score(rows[(i * classes)..((i + 1) * classes)], images.Label(i)))
                    .Select((image, place) => (Index: image - tests[0], Place: place + 1))
                    .Where(entry => Rejected.Contains(entry.Index)).Select(entry => entry.Place),
            ];
            double precision = places.Select((place, found) => (found + 1.0) / place).Sum() / Rejected.Length;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {places.Count(p => p <= 15)} | {places.Count(p => p <= 50)} | {places.Count(p => p <= 100)} | {precision:F3} |"));
        }
    }

    private static void Report(string scheme, (ImageDataset Dataset, int[] KindOf)[] planted, Func<ImageDataset, float[]> predict)
    {
        long start = TimeProvider.System.GetTimestamp();
        float[][] predictions = [.. planted.Select(one => predict(one.Dataset))];
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds / planted.Length;
        foreach ((string name, Func<float[], int, float> score) in Scores)
        {
            double total = 0;
            string row = $"| {scheme} | {name} |";
            for (int kind = 0; kind < Kinds.Length; kind++)
            {
                (double Precision, double Found)[] figures =
                    [.. planted.Zip(predictions, (one, rows) => Judge(one.Dataset.Train, one.KindOf, rows, kind, score))];
                double precision = figures.Average(figure => figure.Precision);
                total += precision / Kinds.Length;
                row += string.Create(CultureInfo.InvariantCulture, $" {precision:F3} | {figures.Average(figure => figure.Found):P0} |");
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row} {total:F4} | {seconds:F0} |"));
        }
    }

    /// <summary>Average precision, and the share that is among as many first of the list as were planted.</summary>
    private static (double Precision, double Found) Judge(
        ImageSet images, int[] kindOf, float[] predictions, int kind, Func<float[], int, float> score)
    {
        int classes = images.ClassCount;
        int[] labels = images.Labels.ToArray();
        int[] ranked =
        [
            .. Enumerable.Range(0, labels.Length)
                .Where(i => kindOf[i] == kind || kindOf[i] < 0)
                .OrderBy(i => score(predictions[(i * classes)..((i + 1) * classes)], labels[i])),
        ];
        int planted = ranked.Count(i => kindOf[i] == kind);
        int found = 0;
        double precision = 0;
        for (int place = 0; place < ranked.Length; place++)
        {
            if (kindOf[ranked[place]] == kind)
            {
                precision += (double)++found / (place + 1) / planted;
            }
        }

        return (precision, (double)ranked.Take(planted).Count(i => kindOf[i] == kind) / planted);
    }

    /// <summary>Changes 0.3 % of the labels in each way.</summary>
    private static (ImageDataset Dataset, int[] KindOf) Plant(ImageSet images, ulong seed)
    {
        int[] labels = images.Labels.ToArray();
        int[] kindOf = new int[labels.Length];
        kindOf.AsSpan().Fill(-1);
        int each = labels.Length * 3 / 1000;
        var draw = new RandomStream(seed, RandomPurpose.Shuffle);
        int[] order = draw.Permutation(labels.Length);
        foreach (int image in order[..each])
        {
            (labels[image], kindOf[image]) =
                ((labels[image] + 1 + draw.Integer((uint)(labels.Length + image), images.ClassCount - 1)) % images.ClassCount, 0);
        }

        foreach (int image in order[each..(2 * each)])
        {
            (labels[image], kindOf[image]) = (Alike[labels[image]], 1);
        }

        (int Other, double Lead)[] nearest = NearestOthers(images);
        int[] odd = [.. order[(2 * each)..].OrderBy(i => nearest[i].Lead).Take(10 * each)];
        foreach (int place in new RandomStream(seed, RandomPurpose.Split).Permutation(odd.Length)[..each])
        {
            (labels[odd[place]], kindOf[odd[place]]) = (nearest[odd[place]].Other, 2);
        }

        var changed = new ImageSet(
            images.Channels, images.Height, images.Width, images.ClassCount, images.Pixels.ToArray(), labels,
                new Dictionary<string, string>());
        return (new ImageDataset("planted", [.. Enumerable.Range(0, 10).Select(k => $"{k}")], changed, null), kindOf);
    }

    /// <summary>For each image the other class whose mean image is nearest, and by how much its own is nearer still.</summary>
    private static (int Other, double Lead)[] NearestOthers(ImageSet images)
    {
        double[][] means = new double[images.ClassCount][];
        for (int k = 0; k < means.Length; k++)
        {
            means[k] = new double[images.ImageLength];
            int[] members = [.. Enumerable.Range(0, images.Count).Where(i => images.Labels[i] == k)];
            foreach (int image in members)
            {
                ReadOnlySpan<byte> pixels = images.Image(image);
                for (int p = 0; p < pixels.Length; p++)
                {
                    means[k][p] += (double)pixels[p] / members.Length;
                }
            }
        }

        return
        [
            .. Enumerable.Range(0, images.Count).Select(i =>
            {
                int own = images.Labels[i];
                int other = Enumerable.Range(0, means.Length).Where(k => k != own).MinBy(k => Distance(images.Image(i), means[k]));
                return (other, Distance(images.Image(i), means[other]) - Distance(images.Image(i), means[own]));
            }),
        ];
    }

    private static double Distance(ReadOnlySpan<byte> image, double[] mean)
    {
        double sum = 0;
        for (int p = 0; p < mean.Length; p++)
        {
            sum += (image[p] - mean[p]) * (image[p] - mean[p]);
        }

        return sum;
    }

    private static float Margin(float[] row, int given) => row[given] - Others(row, given).Max();

    private static IEnumerable<float> Others(float[] row, int given) => row.Where((_, k) => k != given);
}
