using Inkling.Engine;
using Inkling.Tests.Engine.Reference;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Layers;

/// <summary>Backward passes against central differences of an independent forward pass in double precision.</summary>
public sealed class GradientTests
{
    /// <summary>Step of the differences: in double precision the error is near 1e-10, far below single precision.</summary>
    private const double Step = 1e-6;

    /// <summary>
    /// Of a tensor's largest gradient. Sums here have up to a few hundred terms, whose single-precision error is about
    /// √n·2⁻²⁴ ≈ 1e-6 and some ten times that behind batch norm's cancellations.
    /// </summary>
    private const double Tolerance = 2e-5;

    /// <summary>Differences are taken at so many elements of each tensor, spread evenly.</summary>
    private const int Probes = 24;

    private const int Images = 3;

    public static TheoryData<string> Kinds => [.. LayerKind.All.Where(kind => kind.Specs[0] is not DropoutSpec).Select(kind => kind.Name)];

    public static TheoryData<string> Networks => [.. NetworksByName.Keys];

    private static readonly Dictionary<string, (Shape Input, LayerSpec[] Specs)> NetworksByName = new()
    {
        ["convolutions"] = (new Shape(1, 9, 10),
        [
            new ConvolutionSpec("a", 6, 3, 1, 1), new ReluSpec(), new MaxPoolSpec(2, 2),
            new ConvolutionSpec("b", 17, 3), new ReluSpec(), new FlattenSpec(), new LinearSpec("c", 4),
        ]),
        ["batch norms"] = (new Shape(3, 8, 7),
        [
            new ConvolutionSpec("a", 5, 5, 2, 2, Bias: false), new BatchNormSpec("an"), new ReluSpec(),
            new ConvolutionSpec("b", 7, 3, 1, 1, Bias: false), new BatchNormSpec("bn"), new AveragePoolSpec(2, 1, 1),
            new GlobalAveragePoolSpec(), new LinearSpec("c", 3),
        ]),
        ["resnet"] = (new Shape(1, 28, 28), [.. new ResNet(4, [4, 6], [1, 1]).Expand(classes: 3)]),
        ["linear only"] = (new Shape(19, 1, 1), [new LinearSpec("a", 18), new ReluSpec(), new LinearSpec("b", 5)]),
        ["begins with norm"] = (new Shape(2, 5, 5), [new BatchNormSpec("n"), new ReluSpec(), new FlattenSpec(), new LinearSpec("l", 3)]),
        ["begins with residual"] = (new Shape(2, 5, 6),
            [new ResidualSpec([new ConvolutionSpec("c", 2, 3, 1, 1)], []), new ReluSpec(), new GlobalMaxPoolSpec(), new LinearSpec(
                "l", 3)]),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_OfALayer_MatchesCentralDifferences(string name)
    {
        LayerKind kind = LayerKind.Named(name);
        using var layer = new LayerHarness(kind.Input, kind.Specs, Images + 1, SimdSupport.Best);
        var reference = new DoubleNetwork(kind.Specs);
        foreach ((string tensor, float[] values) in layer.Randomize(seed: 51))
        {
            reference.Tensors[tensor] = ToDouble(values);
        }

        float[] x = Numbers.Uniform(seed: 52, Images * kind.Input.Count, -1, 1);
        float[] gradOutput = Numbers.Uniform(seed: 53, Images * kind.Output.Count, -1, 1);
        var input = new DoubleMap(kind.Input, Images, ToDouble(x));
        double Objective() => reference.Forward(input).Values.Zip(gradOutput, (y, g) => y * g).Sum();

        Numbers.AssertClose(reference.Forward(input).Values, layer.Forward(x, Images, training: true), Tolerance, "output");
        AssertDifferences(Objective, input.Values, layer.Backward(gradOutput, Images), "gradInput");
        Assert.All(layer.Parameters, parameter =>
            AssertDifferences(Objective, reference.Tensors[parameter.Name], layer.Gradient(parameter.Name), parameter.Name));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Step_OfANetwork_MatchesCentralDifferencesOfTheLoss(string name)
    {
        const double Smoothing = 0.1;
        (Shape input, LayerSpec[] specs) = NetworksByName[name];
        var network = new Network(input, specs);
        using NetworkWeights weights = network.Initialize(seed: 54);
        var reference = new DoubleNetwork(specs);
        ulong seed = 55;
        foreach (Parameter parameter in network.Parameters)
        {
            // Away from the initial zeros and ones, where mistakes cancel.
            float[] values = [.. weights.Get(parameter).Zip(Numbers.Uniform(seed++, parameter.Count, -0.2, 0.2), (a, b) => a + b)];
            weights.Set(parameter, values);
            reference.Tensors[parameter.Name] = ToDouble(values);
        }

        SyntheticImages images = SyntheticImages.Random(input, Images, network.Classes, seed: 56);
        var map = new DoubleMap(input, Images, ToDouble(images.Pixels));
        double Loss() => reference.Loss(map, images.Labels, Smoothing);
        using var optimizer = new Sgd(network, momentum: 0, nesterov: false, weightDecay: 0);
        using var team = new WorkerTeam(1);
        using var trainer = new Trainer(weights, optimizer, team, new TrainerOptions
        {
            BatchSize = Images,
            ChunkSize = Images,
            Seed = 0,
            Loss = new SoftmaxCrossEntropy(Smoothing),
        });

        StepResult result = trainer.Step(images, epoch: 0, new[] { 0, 1, 2 }, learningRate: 0);

        Assert.Equal(Loss(), result.Loss, Tolerance);
        Assert.All(network.Parameters, parameter => AssertDifferences(
            Loss, reference.Tensors[parameter.Name], trainer.ChunkGradient(0, parameter), parameter.Name));
    }

    private static void AssertDifferences(Func<double> objective, double[] values, float[] gradient, string what)
    {
        int stride = Math.Max(1, values.Length / Probes);
        var expected = new List<double>();
        var actual = new List<float>();
        for (int i = 0; i < values.Length; i += stride)
        {
            double value = values[i];
            values[i] = value + Step;
            double above = objective();
            values[i] = value - Step;
            double below = objective();
            values[i] = value;
            expected.Add((above - below) / (2 * Step));
            actual.Add(gradient[i]);
        }

        Numbers.AssertClose(expected, actual, Tolerance, what);
    }

    private static double[] ToDouble(float[] values) => [.. values.Select(value => (double)value)];
}
