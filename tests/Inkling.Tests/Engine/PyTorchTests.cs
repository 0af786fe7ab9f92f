using Inkling.Engine;
using Inkling.Tests.Engine.Support;
using Inkling.Tests.Support;

namespace Inkling.Tests.Engine;

/// <summary>The engine against PyTorch 1.13.1: numbers by Fixtures/Engine/make_pytorch_fixtures.py.</summary>
public sealed class PyTorchTests
{
    /// <summary>
    /// Of a tensor's largest value: both sides compute in single precision, sums of up to 100 terms in orders of their own.
    /// </summary>
    private const double LayerTolerance = 3e-6;

    /// <summary>Ten steps carry such differences on; batch norm and the learning rate of 0.05 amplify them about tenfold.</summary>
    private const double TrainingTolerance = 3e-5;

    /// <summary>
    /// What single precision loses in directions that a matrix of more rows than columns lacks, over four steps; the others keep
    /// <see cref="TrainingTolerance"/>.
    /// </summary>
    private const double TallMatrixTolerance = 1e-4;

    private static readonly LayersFile Layers = Fixture.Json<LayersFile>("Engine", "layers.json");

    private static readonly Dictionary<string, LayerSpec> Specs = new()
    {
        ["convolution 3x3"] = new ConvolutionSpec("x", 5, 3, 1, 1),
        ["convolution 5x5 stride 2 without bias"] = new ConvolutionSpec("x", 17, 5, 2, 2, Bias: false),
        ["convolution 1x1 stride 2"] = new ConvolutionSpec("x", 4, 1, 2),
        ["linear"] = new LinearSpec("x", 6),
        ["batch norm"] = new BatchNormSpec("x"),
        ["relu"] = new ReluSpec(),
        ["max pool 3x3 stride 2"] = new MaxPoolSpec(3, 2, 1),
        ["average pool 3x3 stride 2"] = new AveragePoolSpec(3, 2, 1),
        ["global average pool"] = new GlobalAveragePoolSpec(),
        ["global max pool"] = new GlobalMaxPoolSpec(),
        ["flatten"] = new FlattenSpec(),
    };

    public static TheoryData<string> LayerNames => [.. Layers.Layers.Select(layer => layer.Name)];

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void Layer_ForwardAndBackward_MatchesPyTorch(string name)
    {
        LayerCase expected = Layers.Layers.Single(layer => layer.Name == name);
        int[] shape = [.. expected.InputShape, 1, 1];
        using var layer = new LayerHarness(new Shape(shape[0], shape[1], shape[2]), [Specs[name]], expected.Images, SimdSupport.Best);
        foreach (NamedValues parameter in expected.Parameters)
        {
            layer.Set(layer.Parameters.Single(p => p.Name == "x." + parameter.Name), parameter.Values);
        }

        float[] output = layer.Forward(expected.Input, expected.Images, training: true);
        float[] gradInput = layer.Backward(expected.GradOutput, expected.Images);

        Numbers.AssertClose(ToDouble(expected.Output), output, LayerTolerance, "output");
        Numbers.AssertClose(ToDouble(expected.GradInput), gradInput, LayerTolerance, "gradInput");
        Assert.Equal(layer.Parameters.Count, expected.Gradients.Length);
        Assert.All(expected.Gradients, gradient => Numbers.AssertClose(
            ToDouble(gradient.Values), layer.Gradient("x." + gradient.Name), LayerTolerance, gradient.Name));
    }

    [Fact]
    public void SoftmaxCrossEntropy_SmoothedLabels_MatchesPyTorch()
    {
        CrossEntropyCase expected = Layers.CrossEntropy;
        int images = expected.Labels.Length;
        var shape = new Shape(expected.Logits.Length / images, 1, 1);
        using var workspace = new Workspace(images);
        Tensor logits = workspace.Allocate(shape);
        Tensor gradient = workspace.Allocate(shape);
        for (int i = 0; i < expected.Logits.Length; i++)
        {
            logits[i / shape.Channels, i % shape.Channels, 0, 0] = expected.Logits[i];
        }

        double[] targets = [.. expected.Labels.SelectMany(label => Enumerable.Range(0, shape.Channels).Select(k => k == label ? 1.0 : 0))];
        double sum = new SoftmaxCrossEntropy(expected.LabelSmoothing).Backward(logits, targets, images, gradient);
        float[] probabilities = new float[expected.Logits.Length];
        for (int n = 0; n < images; n++)
        {
            SoftmaxCrossEntropy.Probabilities(logits, n, probabilities.AsSpan(n * shape.Channels, shape.Channels));
        }

        float[] actual = [.. Enumerable.Range(0, probabilities.Length).Select(i => gradient[i / shape.Channels, i % shape.Channels, 0, 0])];
        Assert.Equal(expected.Loss, sum / images, LayerTolerance);
        Numbers.AssertClose(ToDouble(expected.Gradient), actual, LayerTolerance, "gradient");
        Numbers.AssertClose(ToDouble(expected.Probabilities), probabilities, LayerTolerance, "probabilities");
    }

    [Fact]
    public void Training_TenStepsOfNesterovWithDecay_MatchesPyTorch()
    {
        NetworkCase expected = Fixture.Json<NetworkCase>("Engine", "network.json");
        var network = new Network(new Shape(1, 12, 12),
        [
            new ConvolutionSpec("stem", 6, 3, 1, 1, Bias: false), new BatchNormSpec("norm"), new ReluSpec(), new MaxPoolSpec(2, 2),
            new ResidualSpec(
                [
                    new ConvolutionSpec("block.conv1", 8, 3, 2, 1, Bias: false), new BatchNormSpec("block.norm1"), new ReluSpec(),
                    new ConvolutionSpec("block.conv2", 8, 3, 1, 1, Bias: false), new BatchNormSpec("block.norm2"),
                ],
                [new ConvolutionSpec("block.shortcut", 8, 1, 2, Bias: false)]),
            new ReluSpec(), new FlattenSpec(), new LinearSpec("head", 4),
        ]);
        using NetworkWeights weights = network.Initialize(seed: 0);
        Assert.Equal(expected.Initial.Select(p => p.Name).Order(), network.Parameters.Select(p => p.Name).Order());
        foreach (NamedValues tensor in expected.Initial)
        {
            weights.Set(network.Parameters.Single(p => p.Name == tensor.Name), tensor.Values);
        }

        int batch = expected.Labels.Length;
        using var optimizer = new Sgd(network, (float)expected.Momentum, nesterov: true, (float)expected.WeightDecay);
        using var team = new WorkerTeam(1);
        using var trainer = new Trainer(weights, optimizer, team, new TrainerOptions
        {
            BatchSize = batch,
            ChunkSize = batch,
            Seed = 0,
            Loss = new SoftmaxCrossEntropy(expected.LabelSmoothing),
        });
        var images = new SyntheticImages(network.Input, expected.Images, expected.Labels);
        int[] samples = [.. Enumerable.Range(0, batch)];
        for (int step = 0; step < expected.Losses.Length; step++)
        {
            StepResult result = trainer.Step(images, epoch: 0, samples, expected.LearningRate);

            Assert.Equal(expected.Losses[step], result.Loss, TrainingTolerance);
            if (step == 0)
            {
                Assert.All(expected.Gradients, gradient => Numbers.AssertClose(
                    ToDouble(gradient.Values),
                    trainer.ChunkGradient(0, network.Parameters.Single(p => p.Name == gradient.Name)),
                    TrainingTolerance,
                    gradient.Name));
            }
        }

        Assert.Equal(6, expected.Statistics.Length);
        Assert.All(expected.Statistics, statistic => Numbers.AssertClose(
            ToDouble(statistic.Values),
            weights.Get(network.Buffers.Single(p => p.Name == statistic.Name)),
            TrainingTolerance,
            statistic.Name));
    }

    [Fact]
    public void OneCycleSchedule_TwentySteps_MatchesPyTorch()
    {
        OneCycleCase expected = Fixture.Json<OptimizersFile>("Engine", "optimizers.json").OneCycle;
        var schedule = new OneCycleSchedule(expected.Peak, expected.Warmup, expected.InitialDivisor, expected.FinalDivisor);

        double[] rates = [.. Enumerable.Range(0, 20).Select(step => schedule.At(step, totalSteps: 20))];

        // Both in double precision; the cosines differ by units in the last place.
        Assert.All(expected.Rates.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-15));
    }

    [Fact]
    public void AdamW_FiveSteps_MatchesPyTorch()
    {
        AdamWCase expected = Fixture.Json<OptimizersFile>("Engine", "optimizers.json").AdamW;
        var network = new Network(new Shape(5, 1, 1), [new LinearSpec("l", 3, Bias: false)]);
        using NetworkWeights weights = network.Initialize(seed: 0);
        weights.Set(network.Parameters[0], expected.Initial);
        using var optimizer = new AdamW(
            network, (float)expected.Beta1, (float)expected.Beta2, (float)expected.Epsilon, (float)expected.WeightDecay);
        using var team = new WorkerTeam(1);
        using var trainer = new Trainer(
            weights, optimizer, team, new TrainerOptions { BatchSize = 6, ChunkSize = 6, Seed = 0, Loss = new SoftmaxCrossEntropy(0) });
        var images = new SyntheticImages(network.Input, expected.Images, expected.Labels);

        foreach (float[] step in expected.Steps)
        {
            trainer.Step(images, epoch: 0, new[] { 0, 1, 2, 3, 4, 5 }, expected.LearningRate);

            Numbers.AssertClose(ToDouble(step), weights.Get(network.Parameters[0]), TrainingTolerance, "weight");
        }
    }

    [Fact]
    public void Muon_FourSteps_MatchesPyTorch()
    {
        MuonCase expected = Fixture.Json<OptimizersFile>("Engine", "optimizers.json").Muon;
        var network = new Network(new Shape(1, 6, 6),
        [
            new ConvolutionSpec("0", 5, 3), new ReluSpec(), new ConvolutionSpec("2", 20, 3), new ReluSpec(),
            new ConvolutionSpec("4", 40, 1), new ReluSpec(), new FlattenSpec(), new LinearSpec("7", 3),
        ]);
        using NetworkWeights weights = network.Initialize(seed: 0);
        Assert.All(expected.Initial, value => weights.Set(network.Parameters.Single(p => p.Name == value.Name), value.Values));
        using var optimizer = new Muon(network, (float)expected.Momentum, (float)expected.WeightDecay, (float)expected.FilterRate);
        using var team = new WorkerTeam(2);
        using var trainer = new Trainer(
            weights, optimizer, team, new TrainerOptions { BatchSize = 6, ChunkSize = 3, Seed = 0, Loss = new SoftmaxCrossEntropy(0) });
        var images = new SyntheticImages(network.Input, expected.Images, expected.Labels);

        Assert.Equal(4, expected.Losses.Length);
        Assert.All(expected.Losses, loss =>
            Assert.Equal(loss, trainer.Step(images, epoch: 0, new[] { 0, 1, 2, 3, 4, 5 }, expected.LearningRate).Loss, TrainingTolerance));
        Assert.All(expected.Final, value => Numbers.AssertClose(
            ToDouble(value.Values), weights.Get(network.Parameters.Single(p => p.Name == value.Name)),
            value.Name == "4.weight" ? TallMatrixTolerance : TrainingTolerance, value.Name));
    }

    private static double[] ToDouble(float[] values) => [.. values.Select(value => (double)value)];

    private sealed record NamedValues(string Name, float[] Values);

    private sealed record LayersFile(LayerCase[] Layers, CrossEntropyCase CrossEntropy);

    private sealed record LayerCase(
        string Name, int[] InputShape, int Images, float[] Input, float[] Output, float[] GradOutput, float[] GradInput,
        NamedValues[] Parameters, NamedValues[] Gradients);

    private sealed record CrossEntropyCase(
        float[] Logits, int[] Labels, double LabelSmoothing, double Loss, float[] Gradient, float[] Probabilities);

    private sealed record NetworkCase(
        float[] Images, int[] Labels, double LearningRate, double Momentum, double WeightDecay, double LabelSmoothing,
        NamedValues[] Initial, double[] Losses, NamedValues[] Gradients, NamedValues[] Statistics);

    private sealed record OptimizersFile(OneCycleCase OneCycle, AdamWCase AdamW, MuonCase Muon);

    private sealed record OneCycleCase(double Peak, double Warmup, double InitialDivisor, double FinalDivisor, double[] Rates);

    private sealed record AdamWCase(
        float[] Images, int[] Labels, float[] Initial, double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay,
        float[][] Steps);

    private sealed record MuonCase(
        float[] Images, int[] Labels, double LearningRate, double Momentum, double WeightDecay, double FilterRate, NamedValues[] Initial,
        double[] Losses, NamedValues[] Final);
}
