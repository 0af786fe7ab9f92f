using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Packaging.Onnx;

/// <summary>Networks that between them have every layer in every place that ONNX writes in a way of its own.</summary>
public static class OnnxNetworks
{
    public const int Classes = 7;

    private static readonly Shape Grey = new(1, 12, 10);

    private static readonly Dictionary<string, (Shape Input, IReadOnlyList<LayerSpec> Specs)> ByName = new()
    {
        ["resnet of two stages"] = (new Shape(1, 28, 28), new ResNet(32, [32, 64], [1, 1]).Expand(Classes)),
        ["resnet with deep stages"] = (new Shape(1, 32, 40), new ResNet(8, [12, 12, 20], [2, 3, 1]).Expand(Classes)),
        ["resnet in colour"] = (new Shape(3, 32, 32), new ResNet(8, [8, 16], [1, 2]).Expand(Classes)),
        ["plain sequence"] = (Grey,
        [
            new ConvolutionSpec("c1", 6, 5, 2, 2, Bias: true), new BatchNormSpec("n1"), new ReluSpec(),
            new ConvolutionSpec("c2", 9, 3, 1, 1), new ReluSpec(), new MaxPoolSpec(2, 2), new DropoutSpec(0.3f),
            new FlattenSpec(), new LinearSpec("l1", 11), new ReluSpec(), new LinearSpec("l2", Classes),
        ]),
        ["perceptron"] = (Grey, [new FlattenSpec(), new LinearSpec("l1", 13), new BatchNormSpec("n1"), new ReluSpec(), new LinearSpec(
            "l2", Classes, Bias: false)]),
        ["begins with batch norm"] = (Grey, [new BatchNormSpec("n"), new ConvolutionSpec("c", 5, 3), new GlobalAveragePoolSpec(), new LinearSpec("l", Classes)]),
        ["begins with a pool"] = (Grey, [new MaxPoolSpec(3, 2, 1), new AveragePoolSpec(2, 1, 1), new ConvolutionSpec("c", Classes, 2), new GlobalMaxPoolSpec()]),
        ["begins with a residual"] = (Grey,
        [
            new ResidualSpec([new ConvolutionSpec("c", 4, 3, 1, 1)], [new ConvolutionSpec("s", 4, 1)]),
            new FlattenSpec(), new LinearSpec("l", Classes),
        ]),
        ["begins with dropout"] = (Grey, [new DropoutSpec(0.5f), new ReluSpec(), new ConvolutionSpec("c", Classes, 3), new GlobalMaxPoolSpec()]),
        ["batch norm apart from convolutions"] = (Grey,
        [
            new ConvolutionSpec("c", 5, 3), new ReluSpec(), new BatchNormSpec("n1"), new BatchNormSpec("n2"), new FlattenSpec(),
            new BatchNormSpec("n3"), new LinearSpec("l", Classes),
        ]),
        ["pre-activation residual"] = (Grey,
        [
            new ConvolutionSpec("c", 6, 3, 1, 1),
            new ResidualSpec([new BatchNormSpec("n1"), new ReluSpec(), new ConvolutionSpec("c1", 6, 3, 1, 1, Bias: false)], []),
            new BatchNormSpec("n2"), new ReluSpec(), new GlobalAveragePoolSpec(), new LinearSpec("l", Classes),
        ]),
        ["convolution of features"] = (Grey,
        [
            new FlattenSpec(), new LinearSpec("l1", 8), new ConvolutionSpec("c", 8, 1), new BatchNormSpec("n"), new ReluSpec(),
            new ResidualSpec([new LinearSpec("l2", 8)], [new ConvolutionSpec("s", 8, 1)]), new LinearSpec("l3", Classes),
        ]),
        ["nested residuals"] = (Grey,
        [
            new ConvolutionSpec("c", 4, 3, 2, 1),
            new ResidualSpec([new ResidualSpec([new ConvolutionSpec("c1", 4, 3, 1, 1)], []), new ReluSpec()], [new MaxPoolSpec(3, 1, 1)]),
            new FlattenSpec(), new LinearSpec("l", Classes),
        ]),
    };

    /// <summary>Those that take grey or coloured pictures.</summary>
    public static TheoryData<string> OfPictures => [.. ByName.Keys];

    public static TheoryData<string> Names => [.. ByName.Keys, .. LayerKind.All.Select(kind => kind.Name)];

    /// <summary>A network with weights and running statistics of its own.</summary>
    internal static NetworkWeights Random(string name)
    {
        (Shape input, IReadOnlyList<LayerSpec> specs) = ByName.TryGetValue(name, out var network)
            ? network
            : (LayerKind.Named(name).Input, LayerKind.Named(name).InNetwork(Classes));
        NetworkWeights weights = new Network(input, specs).Initialize(seed: 3);
        ulong seed = 100;
        foreach (Parameter parameter in weights.Network.Parameters.Where(parameter => parameter.Dimensions.Count == 1))
        {
            weights.Set(parameter, Numbers.Uniform(seed++, parameter.Count, -1, 1));
        }

        foreach (Parameter statistic in weights.Network.Buffers)
        {
            weights.Set(statistic, Numbers.Uniform(seed++, statistic.Count, 0.25, 2));
        }

        return weights;
    }
}
