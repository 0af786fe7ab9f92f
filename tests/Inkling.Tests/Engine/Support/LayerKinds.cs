using Inkling.Engine;

namespace Inkling.Tests.Engine.Support;

/// <summary>One entry a layer kind (or way of using it); the contract and gradient tests run over all of them.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Input">Shape of one image.</param>
/// <param name="Specs">The layer, alone or with the rectification that fuses into it.</param>
/// <param name="Output">The shape it must declare.</param>
/// <param name="Tensors">The parameters it must have, in order, with their dimensions.</param>
internal sealed record LayerKind(
    string Name, Shape Input, LayerSpec[] Specs, Shape Output, params (string Name, int[] Dimensions)[] Tensors)
{
    private static readonly Shape Map = new(17, 6, 5);

    internal static readonly LayerKind[] All =
    [
        new("convolution", Map, [new ConvolutionSpec("c", 20, 3, 2, 1)], new(20, 3, 3), ("c.weight", [20, 17, 3, 3]), ("c.bias", [20])),
        new("convolution without bias", new(3, 7, 8), [new ConvolutionSpec("c", 5, 2, Bias: false)], new(5, 6, 7), ("c.weight", [5, 3, 2, 2])),
        new("strided 1x1 convolution of one pixel", new(5, 1, 1), [new ConvolutionSpec("c", 6, 1, 2)], new(6, 1, 1), ("c.weight", [6, 5, 1, 1]), ("c.bias", [6])),
        new("linear", new(33, 1, 1), [new LinearSpec("l", 7)], new(7, 1, 1), ("l.weight", [7, 33]), ("l.bias", [7])),
        new("batch norm", Map, [new BatchNormSpec("n")], Map, ("n.weight", [17]), ("n.bias", [17])),
        new("batch norm with relu", Map, [new BatchNormSpec("n"), new ReluSpec()], Map, ("n.weight", [17]), ("n.bias", [17])),
        new("relu", Map, [new ReluSpec()], Map),
        new("max pool", Map, [new MaxPoolSpec(3, 2, 1)], new(17, 3, 3)),
        new("average pool", Map, [new AveragePoolSpec(3, 2, 1)], new(17, 3, 3)),
        new("global max pool", Map, [new GlobalMaxPoolSpec()], new(17, 1, 1)),
        new("global average pool", Map, [new GlobalAveragePoolSpec()], new(17, 1, 1)),
        new("flatten", Map, [new FlattenSpec()], new(510, 1, 1)),
        new("dropout", Map, [new DropoutSpec(0.25f)], Map),
        new("residual", Map, [new ResidualSpec([new ConvolutionSpec("c", 17, 3, 1, 1, Bias: false)], [])], Map, ("c.weight", [17, 17, 3, 3])),
        new(
            "residual with shortcut and relu",
            Map,
            [
                new ResidualSpec(
                    [new ConvolutionSpec("c", 18, 3, 2, 1, Bias: false), new BatchNormSpec("n"), new ReluSpec(), new ConvolutionSpec(
                        "d", 18, 3, 1, 1)],
                    [new ConvolutionSpec("s", 18, 1, 2, Bias: false)]),
                new ReluSpec(),
            ],
            new(18, 3, 3),
            ("c.weight", [18, 17, 3, 3]), ("n.weight", [18]), ("n.bias", [18]), ("d.weight", [18, 18, 3, 3]), ("d.bias", [18]), ("s.weight", [18, 17, 1, 1])),
        new(
            "pre-activation residual",
            Map,
            [new ResidualSpec([new BatchNormSpec("n"), new ReluSpec(), new ConvolutionSpec("c", 17, 3, 1, 1)], [])],
            Map,
            ("n.weight", [17]), ("n.bias", [17]), ("c.weight", [17, 17, 3, 3]), ("c.bias", [17])),
    ];

    internal static TheoryData<string> Names => [.. All.Select(kind => kind.Name)];

    internal static LayerKind Named(string name) => All.Single(kind => kind.Name == name);

    /// <summary>A network around the layer: a convolution before it, so that its input has a gradient, and a classifier after it.</summary>
    internal LayerSpec[] InNetwork(int classes) =>
        [new ConvolutionSpec("first", Input.Channels, 1), .. Specs, new FlattenSpec(), new LinearSpec("last", classes)];
}
