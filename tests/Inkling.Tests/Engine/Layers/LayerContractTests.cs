using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Layers;

/// <summary>What every layer kind promises, in a network around it.</summary>
public sealed class LayerContractTests
{
    private const int Classes = 4;
    private const int BatchSize = 12;
    private const int ChunkSize = 3;
    private const int Steps = 3;

    private const int MeasuredSteps = 60;
    private const int SmallestObjectBytes = 24;

    public static TheoryData<string> Kinds => LayerKind.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Layer_DeclaresItsShapeAndItsTensors(string name)
    {
        LayerKind kind = LayerKind.Named(name);
        using var layer = new LayerHarness(kind.Input, kind.Specs, capacity: 1, Simd.Vector128);

        Assert.Equal(kind.Output, layer.OutputShape);
        Assert.Equal(kind.Tensors.Select(tensor => tensor.Name), layer.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(kind.Tensors.Select(tensor => tensor.Dimensions), layer.Parameters.Select(parameter => parameter.Dimensions));
        Assert.Equal(
            kind.Tensors.Sum(tensor => tensor.Dimensions.Aggregate(1, (a, b) => a * b)),
            layer.Parameters.Sum(parameter => parameter.Count));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Layer_ChunkOfOne_LeavesPaddingZeroAndGivesNumbers(string name)
    {
        LayerKind kind = LayerKind.Named(name);
        foreach (Simd simd in Numbers.SimdLevels)
        {
            using var layer = new LayerHarness(kind.Input, kind.Specs, capacity: 1, simd, outputHalo: 1);
            layer.Randomize(seed: 61);

            float[] output = layer.Forward(Numbers.Uniform(seed: 62, kind.Input.Count, -1, 1), images: 1, training: true);
            float[] gradInput = layer.Backward(Numbers.Uniform(seed: 63, kind.Output.Count, -1, 1), images: 1);

            Assert.All(output, value => Assert.True(float.IsFinite(value)));
            Assert.All(gradInput, value => Assert.True(float.IsFinite(value)));
            layer.AssertPaddingIsZero();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Inference_ImageAloneOrInAChunk_GivesTheSameBits(string name)
    {
        LayerKind kind = LayerKind.Named(name);
        var network = new Network(kind.Input, kind.InNetwork(Classes));
        using NetworkWeights weights = network.Initialize(seed: 64);
        SyntheticImages images = SyntheticImages.Random(kind.Input, BatchSize, Classes, seed: 65);
        int[] samples = [.. Enumerable.Range(0, BatchSize)];
        float[] expected = Predict(weights, images, samples, chunkSize: 1, threads: 1, Simd.Vector128);

        foreach (Simd simd in Numbers.SimdLevels)
        {
            Numbers.AssertSameBits(expected, Predict(weights, images, samples, chunkSize: 5, threads: 1, simd), $"{simd}, chunks of 5");
            Numbers.AssertSameBits(expected, Predict(weights, images, samples, chunkSize: 16, threads: 1, simd), $"{simd}, one chunk");
            Numbers.AssertSameBits(expected, Predict(weights, images, samples, chunkSize: 2, threads: 3, simd), $"{simd}, 3 threads");
            // Every layer is shared out, or some, or none.
            (int, long)[] divisions = [(2, 0), (3, 0), (2, 1 << 11), (2, 1 << 13), (2, TeamExecutor.LeastWork)];
        foreach ((int threads, long leastWork) in divisions)
            {
                float[] together = [.. samples.SelectMany(
                    sample => Predict(weights, images, [sample], chunkSize: 1, threads, simd, leastWork))];
                Numbers.AssertSameBits(expected, together, $"{simd}, {threads} threads on one image, {leastWork} multiply-adds at least");
            }
        }

        float[] backwards = Predict(weights, images, [.. samples.Reverse()], chunkSize: 5, threads: 1, Simd.Vector128);
        Numbers.AssertSameBits(expected, [.. backwards.Chunk(Classes).Reverse().SelectMany(row => row)], "other neighbours");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_AnyThreadsAndRegisters_GivesTheSameBits(string name)
    {
        LayerKind kind = LayerKind.Named(name);
        float[] expected = TrainedValues(kind, threads: 1, Simd.Vector128);

        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        foreach (Simd simd in Numbers.SimdLevels)
        {
            foreach (int threads in (int[])[1, 2, 3, 7])
            {
                Numbers.AssertSameBits(expected, TrainedValues(kind, threads, simd), $"{simd}, {threads} threads");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_OnceWarm_AllocatesNothing(string name)
    {
        LayerKind kind = LayerKind.Named(name);
        using var team = new WorkerTeam(2);
        using var run = new Run(kind, team, SimdSupport.Best);
        run.Step();

        // Measuring allocates a little itself, less than the smallest object a step. A collection that other tests cause counts the rest of
        // a thread's allocation buffer as allocated, hence the best of a few rounds.
        long fewest = Enumerable.Range(0, 5).Min(_ =>
        {
            AllocatedBytes(team);
            long before = AllocatedBytes(team);
            for (int step = 0; step < MeasuredSteps; step++)
            {
                run.Step();
            }

            return AllocatedBytes(team) - before;
        });
        Assert.InRange(fewest, 0, MeasuredSteps * SmallestObjectBytes - 1);
    }

    private static float[] Predict(
        NetworkWeights weights, SyntheticImages images, int[] samples, int chunkSize, int threads, Simd simd, long leastWork = 0)
    {
        using var team = new WorkerTeam(threads);
        using var predictor = new Predictor(weights, team, simd, chunkSize, leastWork);
        float[] logits = new float[samples.Length * Classes];
        predictor.Predict(images, samples, new float[logits.Length], logits);

        // A request of one chunk is sometimes shared out among the threads and sometimes not.
        float[] again = new float[logits.Length];
        for (int i = 0; i < QuickerWay.Tries; i++)
        {
            predictor.Predict(images, samples, new float[logits.Length], again);
            Numbers.AssertSameBits(logits, again, $"{simd}, {threads} threads, request {i + 2}");
        }

        return logits;
    }

    private static float[] TrainedValues(LayerKind kind, int threads, Simd simd)
    {
        using var team = new WorkerTeam(threads);
        using var run = new Run(kind, team, simd);
        for (int step = 0; step < Steps; step++)
        {
            run.Step();
        }

        return [.. run.Weights.Parameters.Span, .. run.Weights.Buffers.Span, .. run.Average.Parameters.Span];
    }

    /// <summary>Bytes that the team's threads have allocated so far; a barrier gives every thread exactly one item.</summary>
    private static long AllocatedBytes(WorkerTeam team)
    {
        using var barrier = new Barrier(team.Size);
        long[] bytes = new long[team.Size];
        team.Run(team.Size, (worker, _) =>
        {
            bytes[worker] = GC.GetAllocatedBytesForCurrentThread();
            barrier.SignalAndWait();
        });
        return bytes.Sum();
    }

    /// <summary>A training run on random images.</summary>
    private sealed class Run : IDisposable
    {
        private readonly SyntheticImages _images;
        private readonly Optimizer _optimizer;
        private readonly Trainer _trainer;
        private readonly int[] _samples = [.. Enumerable.Range(0, BatchSize)];

        internal Run(LayerKind kind, WorkerTeam team, Simd simd)
        {
            var network = new Network(kind.Input, kind.InNetwork(Classes));
            Weights = network.Initialize(seed: 66);
            Average = network.Initialize(seed: 66);
            _images = SyntheticImages.Random(kind.Input, BatchSize, Classes, seed: 67);
            _optimizer = new Sgd(network, momentum: 0.9f, nesterov: true, weightDecay: 0.01f);
            _trainer = new Trainer(Weights, _optimizer, team, new TrainerOptions
            {
                BatchSize = BatchSize,
                ChunkSize = ChunkSize,
                Seed = 68,
                Loss = new SoftmaxCrossEntropy(0.1),
                Simd = simd,
            });
        }

        internal NetworkWeights Weights { get; }

        internal NetworkWeights Average { get; }

        internal void Step() => _trainer.Step(_images, epoch: 0, _samples, learningRate: 0.02, Average, averageWeight: 0.1);

        public void Dispose()
        {
            _trainer.Dispose();
            _optimizer.Dispose();
            Weights.Dispose();
            Average.Dispose();
        }
    }
}
