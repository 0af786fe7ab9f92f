using System.Diagnostics;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Preprocessing;
using Inkling.Training;
using Inkling.Training.Recipes;

namespace Inkling.Diagnostics;

/// <summary>How fast this machine trains and uses a network, on synthetic images.</summary>
public static class NetworkBenchmark
{
    private const int Classes = 10;
    private const int PictureSize = 28;

    /// <summary>Measures training, inference in batches, and the latency of one image.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchSize">Images a step; a multiple of <paramref name="chunkSize"/>.</param>
    /// <param name="chunkSize">Images that go through the network together.</param>
    /// <param name="team">Threads.</param>
    /// <param name="duration">How long to measure each, after a warm-up.</param>
    /// <param name="recipe">Whose augmentation to measure training with too; null for none.</param>
    public static BenchmarkResult Measure(
        Network network, int batchSize, int chunkSize, WorkerTeam team, TimeSpan duration, Recipe? recipe = null)
    {
        var images = new SyntheticImages(network, batchSize);
        int[] samples = [.. Enumerable.Range(0, batchSize)];
        using NetworkWeights weights = network.Initialize(seed: 1);
        IImageSource? augmented = recipe is null ? null : AugmentedImages(recipe, batchSize);
        (double train, double? trainAugmented) = MeasureTraining(network, weights, images, augmented, samples, chunkSize, team, duration);

        (double infer, double[] latencies) = MeasureInference(weights, images, samples, team, duration);
        return new BenchmarkResult(
            train,
            trainAugmented,
            infer,
            latencies[latencies.Length / 2],
            latencies[(int)(latencies.Length * 0.99)],
            FmaPeak.MeasureGflops(team),
            network.MultiplyAdds,
            KernelProfile.Measure(network, chunkSize, images, duration));
    }

    /// <summary>Measures inference alone.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="batchSize">Images a batch.</param>
    /// <param name="team">Threads.</param>
    /// <param name="duration">How long to measure batches, and again single images, after a warm-up.</param>
    public static InferenceSpeed MeasureInference(NetworkWeights weights, int batchSize, WorkerTeam team, TimeSpan duration)
    {
        (double imagesPerSecond, double[] latencies) = MeasureInference(
            weights, new SyntheticImages(weights.Network, batchSize), [.. Enumerable.Range(0, batchSize)], team, duration);
        return new InferenceSpeed(imagesPerSecond, latencies[latencies.Length / 2], team.Size);
    }

    /// <summary>Images a second in batches, and the sorted milliseconds of one image.</summary>
    private static (double ImagesPerSecond, double[] LatenciesMs) MeasureInference(
        NetworkWeights weights, SyntheticImages images, int[] samples, WorkerTeam team, TimeSpan duration)
    {
        float[] probabilities = new float[samples.Length * weights.Network.Classes];
        using var predictor = new Predictor(weights, team);
        double imagesPerSecond = samples.Length / Median(duration, () => predictor.Predict(images, samples, probabilities));

        using var onePredictor = new Predictor(weights, team, chunkSize: 1);
        double[] latencies = Times(
            duration, () => onePredictor.Predict(images, samples.AsMemory(0, 1), probabilities.AsMemory(0, weights.Network.Classes)));
        return (imagesPerSecond, [.. latencies.Select(seconds => seconds * 1000)]);
    }

    private static (double Plain, double? Augmented) MeasureTraining(
        Network network, NetworkWeights weights, IImageSource images, IImageSource? augmented, int[] samples, int chunkSize,
        WorkerTeam team, TimeSpan duration)
    {
        using var optimizer = new Sgd(network, momentum: 0.9f, nesterov: true, weightDecay: 0);
        using var trainer = new Trainer(weights, optimizer, team, new TrainerOptions
        {
            BatchSize = samples.Length,
            ChunkSize = chunkSize,
            Seed = 1,
            Loss = new SoftmaxCrossEntropy(0),
        });
        double Speed(IImageSource source) =>
            samples.Length / Median(duration, () => trainer.Step(source, epoch: 0, samples, learningRate: 0.01));
        return (Speed(images), augmented is null ? null : Speed(augmented));
    }

    /// <summary>Noise of MNIST's size, as the recipe's training sees it.</summary>
    private static TrainingImages AugmentedImages(Recipe recipe, int count)
    {
        int length = count * recipe.Input.Channels * PictureSize * PictureSize;
        var random = new RandomStream(1, RandomPurpose.Augmentation);
        byte[] pixels = [.. Enumerable.Range(0, length).Select(i => (byte)(256 * random.Uniform((uint)i)))];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % Classes)];
        int[] all = [.. Enumerable.Range(0, count)];
        var images = new ImageSet(
            recipe.Input.Channels, PictureSize, PictureSize, Classes, pixels, labels, new Dictionary<string, string>());
        return new TrainingImages(images, all, recipe, Normalization.Measure(images, all), seed: 1);
    }

    private static double Median(TimeSpan duration, Action action)
    {
        double[] times = Times(duration, action);
        return times[times.Length / 2];
    }

    /// <summary>Seconds of each call over a while, sorted.</summary>
    private static double[] Times(TimeSpan duration, Action action)
    {
        // The runtime needs a while until it has compiled everything for good.
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < duration / 2;)
        {
            action();
        }

        var times = new List<double>();
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < duration;)
        {
            long callStart = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(callStart).TotalSeconds);
        }

        times.Sort();
        return [.. times];
    }

    /// <summary>Random pixels, copied as a loader would.</summary>
    private sealed class SyntheticImages : IImageSource
    {
        private readonly float[][] _images;

        internal SyntheticImages(Network network, int count)
        {
            _images = new float[count][];
            for (int image = 0; image < count; image++)
            {
                var random = new RandomStream(1, RandomPurpose.Augmentation, 0, (uint)image);
                _images[image] = [.. Enumerable.Range(0, network.Input.Count).Select(i => random.Uniform((uint)i) - 0.5f)];
            }
        }

        public int Load(int epoch, int sample, ImageView destination)
        {
            (int channels, int height, int width) = destination.Shape;
            Span<float> planes = destination.Planes;
            for (int row = 0; row < channels * height; row++)
            {
                _images[sample].AsSpan(row * width, width)
                    .CopyTo(planes[(row / height * destination.ChannelStride + row % height * destination.RowStride)..]);
            }

            return sample % Classes;
        }
    }
}

/// <summary>What a benchmark gave.</summary>
/// <param name="TrainImagesPerSecond">From the median step, on images that are only copied.</param>
/// <param name="TrainAugmentedImagesPerSecond">The same with a recipe's resampling and augmentation; null without a recipe.</param>
/// <param name="InferImagesPerSecond">From the median batch.</param>
/// <param name="InferLatencyMsP50">Median time of one image, all threads at work on it.</param>
/// <param name="InferLatencyMsP99">99th percentile of the same.</param>
/// <param name="PeakGflops">Attainable peak of all threads together.</param>
/// <param name="MultiplyAdds">Of one image's forward pass.</param>
/// <param name="Kernels">Where a training step's time goes, on one thread.</param>
public sealed record BenchmarkResult(
    double TrainImagesPerSecond,
    double? TrainAugmentedImagesPerSecond,
    double InferImagesPerSecond,
    double InferLatencyMsP50,
    double InferLatencyMsP99,
    double PeakGflops,
    long MultiplyAdds,
    IReadOnlyList<KernelTime> Kernels);
