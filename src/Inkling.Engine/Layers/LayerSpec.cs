namespace Inkling.Engine;

/// <summary>
/// One line of a network's description: what a layer is, before it knows its input's shape. A network is a list of
/// these, read from a recipe or expanded from an architecture's name.
/// </summary>
public abstract record LayerSpec;

/// <summary>2-D convolution (cross-correlation, as in PyTorch's <c>Conv2d</c>).</summary>
/// <param name="Name">State-dict name; the tensors are <c>Name.weight</c> [OC, IC, K, K] and <c>Name.bias</c> [OC].</param>
/// <param name="OutChannels">Number of filters, OC.</param>
/// <param name="KernelSize">K, in pixels.</param>
/// <param name="Stride">Step between outputs, in pixels.</param>
/// <param name="Padding">Zeros added on every side, in pixels.</param>
/// <param name="Bias">Whether a bias is added to every output.</param>
public sealed record ConvolutionSpec(
    string Name, int OutChannels, int KernelSize, int Stride = 1, int Padding = 0, bool Bias = true) : LayerSpec;

/// <summary>Batch normalisation over a chunk (Ioffe and Szegedy 2015, arXiv:1502.03167).</summary>
/// <param name="Name">State-dict name: <c>.weight</c>, <c>.bias</c>, <c>.running_mean</c>, <c>.running_var</c>.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">Weight of a chunk's statistics in the running ones.</param>
public sealed record BatchNormSpec(string Name, float Epsilon = 1e-5f, float Momentum = 0.1f) : LayerSpec;

/// <summary>max(x, 0).</summary>
public sealed record ReluSpec : LayerSpec;

/// <summary>Maximum over windows; padding counts as −∞. Of equal values the first in row order wins.</summary>
public sealed record MaxPoolSpec(int KernelSize, int Stride, int Padding = 0) : LayerSpec;

/// <summary>Mean over windows; padding counts as zeros (PyTorch's <c>count_include_pad=True</c>).</summary>
public sealed record AveragePoolSpec(int KernelSize, int Stride, int Padding = 0) : LayerSpec;

/// <summary>Mean over the whole map, to [N, C, 1, 1].</summary>
public sealed record GlobalAveragePoolSpec : LayerSpec;

/// <summary>Maximum over the whole map, to [N, C, 1, 1].</summary>
public sealed record GlobalMaxPoolSpec : LayerSpec;

/// <summary>[N, C, H, W] to [N, C·H·W, 1, 1], in PyTorch's order of features.</summary>
public sealed record FlattenSpec : LayerSpec;

/// <summary>Fully connected layer, y = W·x + b, on a map of 1×1.</summary>
/// <param name="Name">State-dict name: <c>.weight</c> [OF, IF] and <c>.bias</c> [OF].</param>
/// <param name="OutFeatures">OF.</param>
/// <param name="Bias">Whether a bias is added.</param>
public sealed record LinearSpec(string Name, int OutFeatures, bool Bias = true) : LayerSpec;

/// <summary>Zeroes each value with probability <paramref name="Rate"/> in training and scales the rest by 1/(1 − Rate).</summary>
public sealed record DropoutSpec(float Rate) : LayerSpec;

/// <summary>Body(x) + Shortcut(x); an empty shortcut is the identity.</summary>
public sealed record ResidualSpec(IReadOnlyList<LayerSpec> Body, IReadOnlyList<LayerSpec> Shortcut) : LayerSpec;
