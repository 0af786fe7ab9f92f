using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Engine.Execution;
using Inkling.Engine.Losses;
using Inkling.Engine.Memory;
using Inkling.Engine.Optimizers;
using Inkling.Engine.Randomness;
using Inkling.Evaluation;
using Inkling.Serialization;
using Inkling.Training.Recipes;

namespace Inkling.Training;

/// <summary>
/// One run: split, measure, initialise, then epochs of steps. The weights that come out depend on the dataset's training
/// images, the recipe and the seed alone; the test images stay sealed.
/// </summary>
public sealed class TrainingRun
{
    private readonly ImageDataset _dataset;
    private readonly Recipe _recipe;
    private readonly TrainingRunOptions _options;
    private readonly ulong _seed;
    private readonly DataSplit _split;
    private readonly Normalization _normalization;
    private readonly Network _network;
    private readonly int _stepsPerEpoch;
    private readonly int _lastStep;

    /// <summary>Prepares a run and finds what would stop it, before any training.</summary>
    /// <exception cref="RecipeException">The recipe doesn't fit the dataset, or its layers don't fit each other.</exception>
    public TrainingRun(ImageDataset dataset, Recipe recipe, TrainingRunOptions options)
    {
        _dataset = dataset;
        _recipe = recipe;
        _options = options;
        _seed = options.Seed ?? recipe.Seed;
        _network = BuildNetwork(dataset, recipe);
        _split = Split(dataset, recipe, _seed);
        _normalization = Normalization.Measure(dataset.Train, _split.Train);
        _stepsPerEpoch = _split.Train.Length / recipe.BatchSize;
        if (_stepsPerEpoch == 0)
        {
            throw Fault(recipe, "$.batch_size", $"expected at most the {_split.Train.Length} training images; found {recipe.BatchSize}");
        }

        _lastStep = Math.Min(_stepsPerEpoch * recipe.Epochs, options.MaxSteps ?? int.MaxValue);
    }

    /// <summary>The division into training and validation.</summary>
    public DataSplit DataSplit => _split;

    /// <summary>The images of an epoch's first batch, as in the dataset and as the network sees them in that step.</summary>
    /// <param name="epoch">From 0.</param>
    public IReadOnlyList<PreviewImage> Preview(int epoch) => PreviewImage.Render(
        _dataset.Train, CreateImages(), _normalization, epoch, Shuffled(epoch).AsSpan(0, _recipe.BatchSize),
        _recipe.Input.Height, _recipe.Input.Width);

    /// <summary>Trains.</summary>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    /// <param name="cancellation">Stops the run after the current step.</param>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="NonFiniteLossException">The loss is no longer a number.</exception>
    public TrainedModel Run(ITrainingObserver observer, WorkerTeam team, CancellationToken cancellation = default)
    {
        observer.Started(new TrainingPlan(
            _recipe.Epochs, _stepsPerEpoch, _lastStep, _network.ParameterCount, _split.Train.Length, _split.Validation.Length, team.Size));

        NetworkWeights weights = _network.Initialize(_seed);
        NetworkWeights? average = _recipe.Averaging is null ? null : _network.Initialize(_seed);
        NetworkWeights result = average ?? weights;
        string initialHash = Hash(result, steps: 0);

        using Optimizer optimizer = _recipe.Optimizer.Create(_network);
        using var trainer = new Trainer(weights, optimizer, team, new TrainerOptions
        {
            BatchSize = _recipe.BatchSize,
            ChunkSize = _recipe.ChunkSize,
            Seed = _seed,
            Loss = new SoftmaxCrossEntropy(_recipe.Loss.LabelSmoothing),
            Simd = _options.Simd,
        });
        TrainingImages images = CreateImages();
        var clock = new TrainingClock(_options.Time, _recipe.BatchSize, _lastStep);
        var epochs = new List<EpochResult>();
        for (int epoch = 0; trainer.Steps < _lastStep; epoch++)
        {
            int[] order = Shuffled(epoch);
            EpochSums sums = TrainEpoch(trainer, images, order, epoch, average, clock, observer, cancellation);
            clock.Pause();
            epochs.Add(EndEpoch(trainer, images, order, epoch, sums, average, team));
            observer.EpochEnded(epochs[^1]);
            clock.Resume();
        }

        if (average is not null)
        {
            weights.Dispose();
        }

        return new TrainedModel
        {
            Weights = result,
            WeightsFile = WeightsFile.Write(result, BatchesTracked(trainer.Steps)).ToBytes(),
            Recipe = _recipe,
            Seed = _seed,
            Normalization = _normalization,
            Split = _split,
            InitialHash = initialHash,
            Epochs = epochs,
            Steps = trainer.Steps,
            Seconds = clock.Seconds,
            ImagesPerSecond = clock.ImagesPerSecond,
        };
    }

    private EpochSums TrainEpoch(
        Trainer trainer,
        TrainingImages images,
        int[] order,
        int epoch,
        NetworkWeights? average,
        TrainingClock clock,
        ITrainingObserver observer,
        CancellationToken cancellation)
    {
        var sums = new EpochSums();
        for (int batch = 0; batch < _stepsPerEpoch && trainer.Steps < _lastStep; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            double learningRate = _recipe.Schedule.At(trainer.Steps, _stepsPerEpoch * _recipe.Epochs);
            ReadOnlyMemory<int> samples = order.AsMemory(batch * _recipe.BatchSize, _recipe.BatchSize);
            StepResult step = trainer.Step(images, epoch, samples, learningRate, average, AverageWeight(trainer.Steps));
            sums = new EpochSums(sums.Loss + step.Loss, sums.Correct + step.Correct, sums.Batches + 1, learningRate);
            clock.Stepped();
            observer.Stepped(new StepProgress(epoch + 1, trainer.Steps, step.Loss, clock.ImagesPerSecond, clock.Remaining));
        }

        return sums;
    }

    private EpochResult EndEpoch(
        Trainer trainer, TrainingImages images, int[] order, int epoch, EpochSums sums, NetworkWeights? average, WorkerTeam team)
    {
        if (average is not null)
        {
            int count = Math.Min(order.Length, StatisticsImages);
            trainer.EstimateStatistics(average, images, epoch, order.AsMemory(0, count));
        }

        NetworkWeights weights = average ?? trainer.Weights;
        ClassificationMetrics? validation = _split.Validation.IsEmpty
            ? null
            : ModelEvaluator.Evaluate(weights, _normalization, _dataset.Train, _split.Validation.ToArray(), team);
        return new EpochResult(
            epoch + 1,
            trainer.Steps,
            sums.LearningRate,
            sums.Loss / sums.Batches,
            (double)sums.Correct / (sums.Batches * _recipe.BatchSize),
            validation?.NegativeLogLikelihood,
            validation?.Accuracy,
            Hash(weights, trainer.Steps));
    }

    /// <summary>
    /// Images whose statistics stand for an average of weights: 8,192 put the error of a mean at about 1 % of a deviation.
    /// </summary>
    private const int StatisticsImages = 8192;

    /// <summary>
    /// The average's share of new weights: 1 − min(decay, (1 + t)/(10 + t)), so that it soon forgets where it began
    /// (the warm-up of TensorFlow's ExponentialMovingAverage).
    /// </summary>
    private double AverageWeight(int step) =>
        _recipe.Averaging is null ? 0 : 1 - Math.Min(_recipe.Averaging.Decay, (1.0 + step) / (10.0 + step));

    private TrainingImages CreateImages() => new(_dataset.Train, _split.Train, _recipe.Augmentation, _normalization, _seed);

    private int[] Shuffled(int epoch)
    {
        int[] order = new RandomStream(_seed, RandomPurpose.Shuffle, (uint)epoch).Permutation(_split.Train.Length);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = _split.Train[order[i]];
        }

        return order;
    }

    private string Hash(NetworkWeights weights, int steps) =>
        Convert.ToHexStringLower(SHA256.HashData(WeightsFile.Write(weights, BatchesTracked(steps)).ToBytes()));

    private long BatchesTracked(int steps) => (long)steps * (_recipe.BatchSize / _recipe.ChunkSize);

    private static Network BuildNetwork(ImageDataset dataset, Recipe recipe)
    {
        if (recipe.Input.Channels != dataset.Channels)
        {
            throw Fault(recipe, "$.input.channels", $"expected {dataset.Channels}, the channels of {dataset.Name}; found {recipe.Input.Channels}");
        }

        try
        {
            var network = new Network(
                new Shape(recipe.Input.Channels, recipe.Input.Height, recipe.Input.Width),
                recipe.Network.Expand(dataset.ClassNames.Count));
            return network.Classes == dataset.ClassNames.Count
                ? network
                : throw Fault(recipe, "$.network", $"expected {dataset.ClassNames.Count} logits, the classes of {dataset.Name}; found {network.Classes}");
        }
        catch (Exception e) when (e is ShapeMismatchException or ArgumentException)
        {
            throw Fault(recipe, "$.network", e.Message);
        }
    }

    private static DataSplit Split(ImageDataset dataset, Recipe recipe, ulong seed)
    {
        try
        {
            return DataSplit.Stratified(dataset.Train.Labels, dataset.ClassNames.Count, recipe.Split.Validation, seed);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Fault(
                recipe, "$.split.validation", $"expected to leave some of the {dataset.Train.Count} images of {dataset.Name} to train with; found {recipe.Split.Validation}");
        }
    }

    private static RecipeException Fault(Recipe recipe, string path, string message) =>
        new(recipe.Name, [new JsonFault(path, null, message)]);

    private readonly record struct EpochSums(double Loss, int Correct, int Batches, double LearningRate);
}

/// <summary>What of a run is not in its recipe.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>Instead of the recipe's seed.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Stop after so many steps; the schedule stays that of the whole run.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Vector registers to use; decides speed, never results.</summary>
    public Engine.Kernels.Simd Simd { get; init; } = Engine.Kernels.SimdSupport.Best;

    /// <summary>For the figures of speed; no result depends on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
