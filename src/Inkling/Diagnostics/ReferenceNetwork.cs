using Inkling.Engine;

namespace Inkling.Diagnostics;

/// <summary>A network to measure speed with; the same as <c>benchmarks/pytorch_baseline.py</c> builds.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Input">Shape of an image.</param>
/// <param name="ChunkSize">Images in a chunk with which it trains fastest (benchmarks/ladder.md): few where maps are large, many where
/// filters are.</param>
/// <param name="Layers">From image to logits.</param>
public sealed record ReferenceNetwork(string Name, Shape Input, int ChunkSize, IReadOnlyList<LayerSpec> Layers)
{
    private const int Classes = 10;

    /// <summary>PyTorch's own MNIST example: two convolutions, two linear layers, dropout.</summary>
    public static ReferenceNetwork Basic { get; } = new("basic", new Shape(1, 28, 28), ChunkSize: 32,
    [
        new ConvolutionSpec("conv1", 32, KernelSize: 3),
        new ReluSpec(),
        new ConvolutionSpec("conv2", 64, KernelSize: 3),
        new ReluSpec(),
        new MaxPoolSpec(KernelSize: 2, Stride: 2),
        new DropoutSpec(0.25f),
        new FlattenSpec(),
        new LinearSpec("fc1", 128),
        new ReluSpec(),
        new DropoutSpec(0.5f),
        new LinearSpec("fc2", Classes),
    ]);

    /// <summary>Six 3×3 convolutions with batch norm: 32-32-pool-64-64-pool-128-128-average.</summary>
    public static ReferenceNetwork BatchNorm { get; } = new("bn", new Shape(1, 28, 28), ChunkSize: 32,
    [
        .. ConvolutionAndNorm("1", 32),
        .. ConvolutionAndNorm("2", 32),
        new MaxPoolSpec(KernelSize: 2, Stride: 2),
        .. ConvolutionAndNorm("3", 64),
        .. ConvolutionAndNorm("4", 64),
        new MaxPoolSpec(KernelSize: 2, Stride: 2),
        .. ConvolutionAndNorm("5", 128),
        .. ConvolutionAndNorm("6", 128),
        new GlobalAveragePoolSpec(),
        new LinearSpec("fc", Classes),
    ]);

    /// <summary>A small residual network in the sense of <c>ResNetForImageClassification</c>, on 56×56 images.</summary>
    public static ReferenceNetwork ResNet { get; } = new(
        "resnet", new Shape(1, 56, 56), ChunkSize: 4, new ResNet(32, [32, 64], [1, 1]).Expand(Classes));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReferenceNetwork> All { get; } = [Basic, BatchNorm, ResNet];

    private static LayerSpec[] ConvolutionAndNorm(string number, int channels) =>
    [
        new ConvolutionSpec("conv" + number, channels, KernelSize: 3, Padding: 1, Bias: false),
        new BatchNormSpec("norm" + number),
        new ReluSpec(),
    ];
}
