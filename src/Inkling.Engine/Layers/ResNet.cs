namespace Inkling.Engine;

/// <summary>
/// The network of Hugging Face transformers' <c>ResNetForImageClassification</c> with basic layers: its configuration
/// keys, its tensor names, its shapes.
/// </summary>
/// <remarks>Source: He et al. 2015, arXiv:1512.03385; names and defaults as in transformers' <c>modeling_resnet.py</c>.</remarks>
/// <param name="EmbeddingSize">Channels after the stem (7×7 convolution of stride 2, then 3×3 maximum of stride 2).</param>
/// <param name="HiddenSizes">Channels of each stage; every stage but the first halves the map.</param>
/// <param name="Depths">Basic layers in each stage.</param>
public sealed record ResNet(int EmbeddingSize, IReadOnlyList<int> HiddenSizes, IReadOnlyList<int> Depths)
{
    /// <summary>The layers from image to logits.</summary>
    /// <param name="classes">Number of logits.</param>
    public IReadOnlyList<LayerSpec> Expand(int classes)
    {
        List<LayerSpec> layers =
        [
            .. ConvolutionAndNorm("resnet.embedder.embedder", EmbeddingSize, 7, 2),
            new ReluSpec(),
            new MaxPoolSpec(KernelSize: 3, Stride: 2, Padding: 1),
        ];

        int channels = EmbeddingSize;
        for (int stage = 0; stage < HiddenSizes.Count; stage++)
        {
            for (int layer = 0; layer < Depths[stage]; layer++)
            {
                int stride = stage > 0 && layer == 0 ? 2 : 1;
                string name = $"resnet.encoder.stages.{stage}.layers.{layer}";
                layers.AddRange(BasicLayer(name, channels, HiddenSizes[stage], stride));
                channels = HiddenSizes[stage];
            }
        }

        layers.Add(new GlobalAveragePoolSpec());
        layers.Add(new LinearSpec("classifier.1", classes));
        return layers;
    }

    private static LayerSpec[] BasicLayer(string name, int inChannels, int outChannels, int stride) =>
    [
        new ResidualSpec(
            [
                .. ConvolutionAndNorm(name + ".layer.0", outChannels, 3, stride),
                new ReluSpec(),
                .. ConvolutionAndNorm(name + ".layer.1", outChannels, 3, 1),
            ],
            inChannels == outChannels && stride == 1
                ? []
                : ConvolutionAndNorm(name + ".shortcut", outChannels, 1, stride)),
        new ReluSpec(),
    ];

    private static LayerSpec[] ConvolutionAndNorm(string name, int outChannels, int kernelSize, int stride) =>
    [
        new ConvolutionSpec(name + ".convolution", outChannels, kernelSize, stride, kernelSize / 2, Bias: false),
        new BatchNormSpec(name + ".normalization"),
    ];
}
