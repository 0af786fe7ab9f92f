using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;

namespace Inkling.Quality;

/// <summary>How models come to predict images that they have not seen. How it was chosen: docs/quality.md.</summary>
/// <param name="Folds">Parts that the images are dealt into; each is predicted by a model that learned from the others.</param>
/// <param name="Rounds">How often, with other folds each time.</param>
/// <param name="Epochs">Of a model's training, if there are enough images.</param>
/// <param name="Width">Channels of the first convolution; the second and third have two and four times as many.</param>
/// <param name="LabelSmoothing">Of the loss.</param>
internal sealed record OutOfFoldScheme(int Folds = 2, int Rounds = 5, int Epochs = 5, int Width = 16, double LabelSmoothing = 0);

/// <summary>Class probabilities of every image, by small networks that have not seen it.</summary>
/// <remarks>
/// Copies of a picture are dealt into one fold. Everything is drawn from a constant seed: the same data gives the same bits.
/// </remarks>
internal sealed class OutOfFoldPredictions(QualityImages images, OutOfFoldScheme scheme, WorkerTeam team)
{
    private const ulong Seed = 1;
    private const int BatchSize = 128;
    private const int ChunkSize = 32;

    /// <summary>Sides of the network's input: it halves them twice.</summary>
    private const int MinSide = 8;
    private const int MaxSide = 32;

    /// <summary>Images that a model's training shows at least, so that small datasets are learned too.</summary>
    private const int LeastShown = 10_000;
    private const int MostEpochs = 60;

    private readonly int _classes = images.Dataset.ClassNames.Count;

    /// <summary>Whether there are images enough to deal.</summary>
    public bool IsPossible => images.Count >= 2 * scheme.Folds;

    /// <summary>[N, K] the mean over all rounds.</summary>
    /// <param name="groups">Groups of copies.</param>
    /// <param name="report">Is told of every model.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    public float[] Mean(int[][] groups, Action<string> report, CancellationToken cancellation)
    {
        float[] mean = new float[(long)images.Count * _classes];
        for (int round = 0; round < scheme.Rounds; round++)
        {
            int[] folds = Deal(groups, round);
            for (int fold = 0; fold < scheme.Folds; fold++)
            {
                int model = round * scheme.Folds + fold;
                report($"looking for label errors: model {model + 1} of {scheme.Rounds * scheme.Folds}");
                int[] held = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] == fold)];
                int[] shown = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] != fold)];
                float[] predicted = TrainAndPredict(shown, held, Seed + (ulong)model, cancellation);
                for (int i = 0; i < predicted.Length; i++)
                {
                    mean[held[i / _classes] * _classes + i % _classes] += predicted[i] / scheme.Rounds;
                }
            }
        }

        return mean;
    }

    /// <summary>[held, K] what a model says of some images that has learned from others.</summary>
    public float[] TrainAndPredict(int[] shown, int[] held, ulong seed, CancellationToken cancellation)
    {
        int chunk = Math.Min(ChunkSize, shown.Length);
        int batch = Math.Min(BatchSize, Math.Max(ChunkSize, shown.Length / 4 / ChunkSize * ChunkSize));
        batch = Math.Max(chunk, batch / chunk * chunk);
        int stepsPerEpoch = shown.Length / batch;
        int epochs = Math.Clamp(LeastShown / shown.Length, scheme.Epochs, MostEpochs);
        var network = new Network(InputShape(), Layers());
        using NetworkWeights weights = network.Initialize(seed);
        using var optimizer = new Sgd(network, momentum: 0.9f, nesterov: true, weightDecay: 0.0005f);
        using var trainer = new Trainer(weights, optimizer, team, new TrainerOptions
        {
            BatchSize = batch,
            ChunkSize = chunk,
            Seed = seed,
            Loss = new SoftmaxCrossEntropy(scheme.LabelSmoothing),
        });
        IImageSource source = new PreprocessedImages(images, Normalization.Measure(images.Dataset.Train, images.Members("train")));
        var schedule = new OneCycleSchedule(PeakLearningRate: 0.1, WarmupFraction: 0.25, InitialDivisor: 25, FinalDivisor: 10_000);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            int[] order = Array.ConvertAll(
                new RandomStream(seed, RandomPurpose.Shuffle, (uint)epoch).Permutation(shown.Length), i => shown[i]);
            for (int step = 0; step < stepsPerEpoch; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                trainer.Step(source, epoch, order.AsMemory(step * batch, batch), schedule.At(trainer.Steps, epochs * stepsPerEpoch));
            }
        }

        float[] probabilities = new float[held.Length * _classes];
        using var predictor = new Predictor(weights, team);
        predictor.Predict(source, held, probabilities);
        return probabilities;
    }

    /// <summary>[N] the fold of each image.</summary>
    private int[] Deal(int[][] groups, int round)
    {
        int[] order = new RandomStream(Seed, RandomPurpose.Split, (uint)round).Permutation(images.Count);
        int[] folds = new int[images.Count];
        for (int place = 0; place < order.Length; place++)
        {
            folds[order[place]] = place % scheme.Folds;
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

    private Shape InputShape() => new(
        images.Dataset.Channels,
        Math.Clamp(images.Dataset.Height, MinSide, MaxSide),
        Math.Clamp(images.Dataset.Width, MinSide, MaxSide));

    /// <summary>Three convolutions; small, since many of it are trained.</summary>
    private LayerSpec[] Layers() =>
    [
        new ConvolutionSpec("conv1", scheme.Width, 3, Padding: 1, Bias: false), new BatchNormSpec("norm1"), new ReluSpec(), new MaxPoolSpec(
            2, 2),
        new ConvolutionSpec("conv2", 2 * scheme.Width, 3, Padding: 1, Bias: false), new BatchNormSpec("norm2"), new ReluSpec(), new MaxPoolSpec(2, 2),
        new ConvolutionSpec("conv3", 4 * scheme.Width, 3, Padding: 1, Bias: false), new BatchNormSpec("norm3"), new ReluSpec(),
        new GlobalMaxPoolSpec(), new LinearSpec("classes", _classes),
    ];
}
