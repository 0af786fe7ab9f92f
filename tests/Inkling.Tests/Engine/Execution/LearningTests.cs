using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Execution;

public sealed class LearningTests
{
    private const int Classes = 4;
    private const int TrainingImages = 256;
    private const int HeldOutImages = 400;
    private const int BatchSize = 32;

    private static readonly Shape Shape = new(1, 8, 8);

    private static readonly LayerSpec[] Specs =
    [
        new ConvolutionSpec("a", 8, 3, 1, 1, Bias: false), new BatchNormSpec("n"), new ReluSpec(), new MaxPoolSpec(2, 2),
        new ConvolutionSpec("b", 16, 3, 1, 1), new ReluSpec(), new FlattenSpec(), new LinearSpec("c", Classes),
    ];

    [Fact]
    public void Training_OneBatchOfNoise_IsLearntByHeart()
    {
        SyntheticImages images = SyntheticImages.Random(Shape, BatchSize, Classes, seed: 71);
        using var run = new Run(images, learningRate: 0.05);

        for (int epoch = 0; epoch < 80; epoch++)
        {
            run.Epoch(epoch, BatchSize);
        }

        Assert.Equal(BatchSize, run.Last.Correct);
        Assert.InRange(run.Last.Loss, 0, 0.01);
    }

    [Fact]
    public void Training_BrightQuadrants_GeneralisesToHeldOutImages()
    {
        using var run = new Run(Quadrants(shuffled: false), learningRate: 0.02);

        Assert.InRange(run.HeldOutAccuracy(epochs: 6), 0.97, 1);
    }

    [Fact]
    public void Training_ShuffledLabels_StaysAtChanceOnHeldOutImages()
    {
        using var run = new Run(Quadrants(shuffled: true), learningRate: 0.02);

        // Four standard errors of 400 answers at chance, and what 256 random labels lean to one class by.
        Assert.InRange(run.HeldOutAccuracy(epochs: 6), 0, 0.25 + 4 * Math.Sqrt(0.25 * 0.75 / HeldOutImages) + 0.05);
    }

    [Fact]
    public void Step_LossIsNotFinite_ThrowsAndLeavesTheWeights()
    {
        SyntheticImages images = SyntheticImages.Random(Shape, BatchSize, Classes, seed: 72);
        images.Pixels[5 * Shape.Count + 3] = float.NaN;
        using var run = new Run(images, learningRate: 0.05);
        float[] before = [.. run.Weights.Parameters.Span, .. run.Weights.Buffers.Span];

        var thrown = Assert.Throws<NonFiniteLossException>(() => run.Epoch(0, BatchSize));

        Assert.Equal(0, thrown.Step);
        Assert.Equal(Enumerable.Range(0, BatchSize), thrown.Samples);
        Assert.Equal("image 5 as augmented", thrown.Tensor);
        Assert.Contains("images 0, 1, 2, 3, 4, 5, 6, 7", thrown.Message, StringComparison.Ordinal);
        Numbers.AssertSameBits(before, [.. run.Weights.Parameters.Span, .. run.Weights.Buffers.Span], "weights");
    }

    [Fact]
    public void Step_ParameterIsNotFinite_NamesIt()
    {
        using var run = new Run(SyntheticImages.Random(Shape, BatchSize, Classes, seed: 73), learningRate: 0.05);
        Parameter parameter = run.Weights.Network.Parameters[^1];
        float[] values = run.Weights.Get(parameter);
        values[0] = float.PositiveInfinity;
        run.Weights.Set(parameter, values);

        var thrown = Assert.Throws<NonFiniteLossException>(() => run.Epoch(0, BatchSize));

        Assert.Equal(parameter.Name, thrown.Tensor);
    }

    [Fact]
    public void New_BatchIsNoWholeNumberOfChunks_Throws()
    {
        var network = new Network(Shape, Specs);
        using NetworkWeights weights = network.Initialize(seed: 77);
        using var optimizer = new Sgd(network, momentum: 0, nesterov: false, weightDecay: 0);
        using var team = new WorkerTeam(1);
        var options = new TrainerOptions { BatchSize = 10, ChunkSize = 4, Seed = 0, Loss = new SoftmaxCrossEntropy(0) };

        Assert.Throws<ShapeMismatchException>(() => new Trainer(weights, optimizer, team, options));
    }

    /// <summary>Noise with one brighter quadrant, the label; held-out images follow the training images and keep true labels.</summary>
    private static SyntheticImages Quadrants(bool shuffled)
    {
        const int Count = TrainingImages + HeldOutImages;
        SyntheticImages noise = SyntheticImages.Random(Shape, Count, Classes, seed: 73);
        int[] labels = [.. noise.Labels];
        for (int i = 0; i < noise.Pixels.Length; i++)
        {
            int pixel = i % Shape.Count;
            int quadrant = pixel / 32 * 2 + pixel % 8 / 4;
            noise.Pixels[i] += quadrant == labels[i / Shape.Count] ? 1 : 0;
        }

        int[] order = new RandomStream(74, RandomPurpose.Shuffle).Permutation(TrainingImages);
        for (int i = 0; i < TrainingImages && shuffled; i++)
        {
            labels[i] = noise.Labels[order[i]];
        }

        return new SyntheticImages(Shape, noise.Pixels, labels);
    }

    private sealed class Run : IDisposable
    {
        private readonly SyntheticImages _images;
        private readonly double _learningRate;
        private readonly WorkerTeam _team = new(1);
        private readonly Optimizer _optimizer;
        private readonly Trainer _trainer;

        internal Run(SyntheticImages images, double learningRate)
        {
            _images = images;
            _learningRate = learningRate;
            var network = new Network(Shape, Specs);
            Weights = network.Initialize(seed: 75);
            _optimizer = new Sgd(network, momentum: 0.9f, nesterov: true, weightDecay: 0);
            _trainer = new Trainer(Weights, _optimizer, _team, new TrainerOptions
            {
                BatchSize = BatchSize,
                ChunkSize = 16,
                Seed = 76,
                Loss = new SoftmaxCrossEntropy(0),
            });
        }

        internal NetworkWeights Weights { get; }

        internal StepResult Last { get; private set; }

        internal void Epoch(int epoch, int images)
        {
            int[] samples = [.. Enumerable.Range(0, images)];
            for (int start = 0; start < images; start += BatchSize)
            {
                Last = _trainer.Step(_images, epoch, samples.AsMemory(start, BatchSize), _learningRate);
            }
        }

        internal double HeldOutAccuracy(int epochs)
        {
            for (int epoch = 0; epoch < epochs; epoch++)
            {
                Epoch(epoch, TrainingImages);
            }

            using var predictor = new Predictor(Weights, _team);
            float[] probabilities = new float[HeldOutImages * Classes];
            int[] samples = [.. Enumerable.Range(TrainingImages, HeldOutImages)];
            predictor.Predict(_images, samples, probabilities);
            float[][] rows = [.. probabilities.Chunk(Classes)];
            return samples.Average(
                sample => rows[sample - TrainingImages].IndexOf(rows[sample - TrainingImages].Max()) == _images.Labels[sample] ? 1.0 : 0);
        }

        public void Dispose()
        {
            _trainer.Dispose();
            _optimizer.Dispose();
            Weights.Dispose();
            _team.Dispose();
        }
    }
}
