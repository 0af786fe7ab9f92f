using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Optimizers;

public sealed class MuonTests
{
    private const int BatchSize = 24;
    private const int Classes = 4;

    private static readonly Shape Shape = new(1, 8, 8);

    /// <summary>Filters that are orthogonalised: wide and tall ones, and one whose channels fill no whole block.</summary>
    private static readonly LayerSpec[] Specs =
    [
        new ConvolutionSpec("image", 20, 3, 1, 1, Bias: false), new BatchNormSpec("n"), new ReluSpec(),
        new ConvolutionSpec("wide", 36, 3, 1, 1), new ReluSpec(), new MaxPoolSpec(2, 2),
        new ConvolutionSpec("tall", 64, 1, 1, 0, Bias: false), new ReluSpec(),
        new GlobalAveragePoolSpec(), new LinearSpec("classifier", Classes),
    ];

    [Fact]
    public void Step_AnyThreadsAndRegisters_GivesTheSameBits()
    {
        SyntheticImages images = SyntheticImages.Random(Shape, BatchSize, Classes, seed: 81);
        float[] expected = TrainWithMuon(images, threads: 1, Simd.Vector128, out float[] expectedAverage);

        foreach (Simd simd in Numbers.SimdLevels)
        {
            foreach (int threads in (int[])[1, 2, 5])
            {
                float[] actual = TrainWithMuon(images, threads, simd, out float[] average);

                Numbers.AssertSameBits(expected, actual, $"{simd}, {threads} threads");
                Numbers.AssertSameBits(expectedAverage, average, $"average, {simd}, {threads} threads");
            }
        }
    }

    [Fact]
    public void Step_GradientOfZero_LeavesTheFilters()
    {
        var images = new SyntheticImages(
            Shape, new float[BatchSize * Shape.Count], [.. Enumerable.Range(0, BatchSize).Select(i => i % Classes)]);
        var network = new Network(Shape, [.. Specs.Where(spec => spec is not BatchNormSpec)]);
        using NetworkWeights weights = network.Initialize(seed: 82);
        Parameter filter = network.Parameters.Single(parameter => parameter.Name == "wide.weight");
        float[] before = weights.Get(filter);
        using var optimizer = new Muon(network, momentum: 0.9f, weightDecay: 0, filterRate: 0.2f);
        using var team = new WorkerTeam(2);
        using Trainer trainer = CreateTrainer(weights, optimizer, team, SimdSupport.Best);

        trainer.Step(images, epoch: 0, Samples, learningRate: 0.1);

        Assert.All(trainer.ChunkGradient(0, filter), gradient => Assert.Equal(0, gradient));
        Numbers.AssertSameBits(before, weights.Get(filter), filter.Name);
    }

    [Fact]
    public void Step_NetworkWithoutHiddenFilters_MovesAsSgdDoes()
    {
        SyntheticImages images = SyntheticImages.Random(Shape, BatchSize, Classes, seed: 83);
        var network = new Network(
            Shape, [new ConvolutionSpec("image", 8, 3), new ReluSpec(), new FlattenSpec(), new LinearSpec("classifier", Classes)]);
        using var muon = new Muon(network, momentum: 0.9f, weightDecay: 0.1f, filterRate: 0.2f);
        using var sgd = new Sgd(network, momentum: 0.9f, nesterov: true, weightDecay: 0.1f);

        float[] expected = Train(images, network, sgd, threads: 2, SimdSupport.Best, out float[] expectedAverage);
        float[] actual = Train(images, network, muon, threads: 2, SimdSupport.Best, out float[] average);

        Numbers.AssertSameBits(expected, actual, "parameters");
        Numbers.AssertSameBits(expectedAverage, average, "average");
    }

    private static int[] Samples => [.. Enumerable.Range(0, BatchSize)];

    private static float[] TrainWithMuon(SyntheticImages images, int threads, Simd simd, out float[] average)
    {
        var network = new Network(Shape, Specs);
        using var optimizer = new Muon(network, momentum: 0.9f, weightDecay: 0.01f, filterRate: 0.2f);
        return Train(images, network, optimizer, threads, simd, out average);
    }

    private static float[] Train(SyntheticImages images, Network network, Optimizer optimizer, int threads, Simd simd, out float[] average)
    {
        using NetworkWeights weights = network.Initialize(seed: 84), averaged = network.Initialize(seed: 84);
        using var team = new WorkerTeam(threads);
        using Trainer trainer = CreateTrainer(weights, optimizer, team, simd);
        for (int step = 0; step < 4; step++)
        {
            trainer.Step(images, epoch: 0, Samples, learningRate: 0.1, averaged, averageWeight: 0.1);
        }

        average = averaged.Parameters.Span.ToArray();
        return weights.Parameters.Span.ToArray();
    }

    private static Trainer CreateTrainer(NetworkWeights weights, Optimizer optimizer, WorkerTeam team, Simd simd) => new(
        weights, optimizer, team,
        new TrainerOptions { BatchSize = BatchSize, ChunkSize = 8, Seed = 85, Loss = new SoftmaxCrossEntropy(0.05), Simd = simd });
}
