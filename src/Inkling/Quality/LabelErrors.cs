using Inkling.Data;
using Inkling.Engine;
using Inkling.Engine.Execution;
using Inkling.Engine.Layers;
using Inkling.Engine.Losses;
using Inkling.Engine.Memory;
using Inkling.Engine.Optimizers;
using Inkling.Engine.Randomness;
using Inkling.Engine.Schedules;

namespace Inkling.Quality;

/// <summary>An image whose label is probably wrong.</summary>
/// <param name="Image">The image.</param>
/// <param name="Suggested">Name of the class that it looks like.</param>
/// <param name="Score">Probability of its label less that of the likeliest other class, −1 to 1: the lower, the worse.</param>
/// <param name="IsConfident">Whether confident learning counts it as wrong, not only as doubtful.</param>
public sealed record LabelError(ImageReference Image, string Suggested, double Score, bool IsConfident);

/// <summary>Suspected label errors, by confident learning on predictions of models that have not seen the image.</summary>
/// <remarks>
/// The images are dealt into two folds, copies of a picture into one; a small network learns from each and predicts the other,
/// eight times with other folds, and the predictions of an image are averaged. An image counts as wrongly labelled if another class's probability is at least the mean that this
/// class gives its own images (Northcutt, Jiang, Chuang 2021, "Confident learning", arXiv:1911.00068). Ranked by margin.
/// Everything is drawn from a constant seed: the same data gives the same list.
/// </remarks>
internal sealed class LabelErrors
{
    private const ulong Seed = 1;
    private const int Folds = 2;
    private const int Rounds = 8;

    /// <summary>Margin below which an image is worth a look.</summary>
    private const double Doubtful = 0.5;

    private const int BatchSize = 128;
    private const int ChunkSize = 32;

    /// <summary>Sides of the network's input: it halves them twice.</summary>
    private const int MinSide = 8;
    private const int MaxSide = 32;

    /// <summary>Images that a fold's training shows at least, so that small datasets are learned too.</summary>
    private const int LeastShown = 10_000;
    private const int LeastEpochs = 3;
    private const int MostEpochs = 60;

    private readonly QualityImages _images;
    private readonly WorkerTeam _team;
    private readonly Action<string> _report;
    private readonly int _classes;

    private LabelErrors(QualityImages images, WorkerTeam team, Action<string> report)
    {
        (_images, _team, _report) = (images, team, report);
        _classes = images.Dataset.ClassNames.Count;
    }

    /// <summary>Doubtful images, worst first.</summary>
    /// <param name="images">All images.</param>
    /// <param name="groups">Groups of copies.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    /// <param name="report">Is told of every fold.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    public static IReadOnlyList<LabelError> Find(
        QualityImages images, int[][] groups, WorkerTeam team, Action<string> report, CancellationToken cancellation)
    {
        var finder = new LabelErrors(images, team, report);
        return images.Count < 2 * Folds ? [] : finder.Rank(finder.Predict(groups, cancellation));
    }

    /// <summary>[N] the fold of each image.</summary>
    private int[] Deal(int[][] groups, int round)
    {
        int[] order = new RandomStream(Seed, RandomPurpose.Split, (uint)round).Permutation(_images.Count);
        int[] folds = new int[_images.Count];
        for (int place = 0; place < order.Length; place++)
        {
            folds[order[place]] = place % Folds;
        }

        foreach (int[] group in groups)
        {
            foreach (int image in group)
            {
                folds[image] = folds[group[0]];
            }
        }

        return folds;
    }

    /// <summary>[N, K] mean probabilities by models that have not seen the image.</summary>
    private float[] Predict(int[][] groups, CancellationToken cancellation)
    {
        float[] probabilities = new float[(long)_images.Count * _classes];
        for (int model = 0; model < Rounds * Folds; model++)
        {
            _report($"looking for label errors: model {model + 1} of {Rounds * Folds}");
            int[] folds = Deal(groups, model / Folds);
            int[] held = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] == model % Folds)];
            int[] shown = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] != model % Folds)];
            float[] predicted = TrainAndPredict(shown, held, Seed + (ulong)model, cancellation);
            for (int i = 0; i < predicted.Length; i++)
            {
                probabilities[(held[i / _classes] * _classes) + (i % _classes)] += predicted[i] / Rounds;
            }
        }

        return probabilities;
    }

    private float[] TrainAndPredict(int[] shown, int[] held, ulong seed, CancellationToken cancellation)
    {
        int batch = Math.Min(BatchSize, Math.Max(ChunkSize, shown.Length / 4 / ChunkSize * ChunkSize));
        int chunk = Math.Min(ChunkSize, shown.Length);
        batch = Math.Max(chunk, batch / chunk * chunk);
        int stepsPerEpoch = shown.Length / batch;
        int epochs = Math.Clamp(LeastShown / shown.Length, LeastEpochs, MostEpochs);
        var network = new Network(InputShape(), Layers());
        using NetworkWeights weights = network.Initialize(seed);
        using var optimizer = new Sgd(network, momentum: 0.9f, nesterov: true, weightDecay: 0.0005f);
        using var trainer = new Trainer(weights, optimizer, _team, new TrainerOptions
        {
            BatchSize = batch,
            ChunkSize = chunk,
            Seed = seed,
            Loss = new SoftmaxCrossEntropy(0),
        });
        IImageSource source = _images.ToNetwork(Normalization.Measure(_images.Dataset.Train, _images.Members("train")));
        var schedule = new OneCycleSchedule(PeakLearningRate: 0.1, WarmupFraction: 0.25, InitialDivisor: 25, FinalDivisor: 10_000);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            int[] order = Array.ConvertAll(new RandomStream(seed, RandomPurpose.Shuffle, (uint)epoch).Permutation(shown.Length), i => shown[i]);
            for (int step = 0; step < stepsPerEpoch; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                trainer.Step(source, epoch, order.AsMemory(step * batch, batch), schedule.At(trainer.Steps, epochs * stepsPerEpoch));
            }
        }

        float[] probabilities = new float[held.Length * _classes];
        using var predictor = new Predictor(weights, _team);
        predictor.Predict(source, held, probabilities);
        return probabilities;
    }

    private Shape InputShape() => new(
        _images.Dataset.Channels,
        Math.Clamp(_images.Dataset.Height, MinSide, MaxSide),
        Math.Clamp(_images.Dataset.Width, MinSide, MaxSide));

    /// <summary>Three convolutions; small, since sixteen of it are trained.</summary>
    private LayerSpec[] Layers() =>
    [
        new ConvolutionSpec("conv1", 16, 3, Padding: 1, Bias: false), new BatchNormSpec("norm1"), new ReluSpec(), new MaxPoolSpec(2, 2),
        new ConvolutionSpec("conv2", 32, 3, Padding: 1, Bias: false), new BatchNormSpec("norm2"), new ReluSpec(), new MaxPoolSpec(2, 2),
        new ConvolutionSpec("conv3", 64, 3, Padding: 1, Bias: false), new BatchNormSpec("norm3"), new ReluSpec(),
        new GlobalMaxPoolSpec(), new LinearSpec("classes", _classes),
    ];

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
            sums[_images.Label(i)] += probabilities[(i * _classes) + _images.Label(i)];
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
            _images.Refer(image), _images.Dataset.ClassNames[likeliest], (double)row[given] - row[likeliest], isConfident);
    }
}
