using Inkling.Engine;

namespace Inkling.Tests.Engine.Reference;

/// <summary>Activations of a chunk in double precision, [N, C, H, W].</summary>
internal sealed record DoubleMap(Shape Shape, int Images, double[] Values)
{
    internal double At(int n, int c, int h, int w) => Values[((n * Shape.Channels + c) * Shape.Height + h) * Shape.Width + w];
}

/// <summary>
/// The forward pass in training of a network given as specs, from the layers' definitions, in double precision and without
/// any of the engine's code: central differences of its loss are the truth for gradients.
/// </summary>
internal sealed class DoubleNetwork(IReadOnlyList<LayerSpec> specs)
{
    /// <summary>Tensors by state-dict name, PyTorch's order.</summary>
    internal Dictionary<string, double[]> Tensors { get; } = [];

    /// <summary>Mean cross-entropy with smoothed labels.</summary>
    internal double Loss(DoubleMap images, int[] labels, double smoothing)
    {
        DoubleMap logits = Forward(images);
        int classes = logits.Shape.Channels;
        double loss = 0;
        for (int n = 0; n < labels.Length; n++)
        {
            double[] row = logits.Values[(n * classes)..((n + 1) * classes)];
            double logSum = Log(row.Sum(value => Exp(value - row.Max()))) + row.Max();
            loss += row.Select((value, k) => (smoothing / classes + (k == labels[n] ? 1 - smoothing : 0)) * (logSum - value)).Sum();
        }

        return loss / labels.Length;
    }

    internal DoubleMap Forward(DoubleMap images) => specs.Aggregate(images, Forward);

    private DoubleMap Forward(DoubleMap x, LayerSpec spec) => spec switch
    {
        ConvolutionSpec s => Convolve(x, s),
        LinearSpec s => Convolve(x, new ConvolutionSpec(s.Name, s.OutFeatures, KernelSize: 1, Bias: s.Bias)),
        BatchNormSpec s => Normalize(x, s),
        ReluSpec => x with { Values = [.. x.Values.Select(value => Math.Max(value, 0))] },
        MaxPoolSpec s => Pool(x, s.KernelSize, s.KernelSize, s.Stride, s.Padding, window => window.Max()),
        AveragePoolSpec s => Pool(
            x, s.KernelSize, s.KernelSize, s.Stride, s.Padding, window => window.Sum() / (s.KernelSize * s.KernelSize)),
        GlobalMaxPoolSpec => Pool(x, x.Shape.Height, x.Shape.Width, 1, 0, window => window.Max()),
        GlobalAveragePoolSpec => Pool(x, x.Shape.Height, x.Shape.Width, 1, 0, window => window.Average()),
        FlattenSpec => x with { Shape = new Shape(x.Shape.Count, 1, 1) },
        ResidualSpec s => Add(s.Body.Aggregate(x, Forward), s.Shortcut.Aggregate(x, Forward)),
        _ => throw new ArgumentException($"no reference for {spec}"),
    };

    private DoubleMap Convolve(DoubleMap x, ConvolutionSpec s)
    {
        int k = s.KernelSize;
        double[] w = Tensors[s.Name + ".weight"];
        double[]? b = s.Bias ? Tensors[s.Name + ".bias"] : null;
        return Map(x, s.OutChannels, k, k, s.Stride, s.Padding, (n, oc, top, left) =>
        {
            double sum = b?[oc] ?? 0;
            for (int ic = 0; ic < x.Shape.Channels; ic++)
            {
                for (int h = Math.Max(top, 0); h < Math.Min(top + k, x.Shape.Height); h++)
                {
                    for (int column = Math.Max(left, 0); column < Math.Min(left + k, x.Shape.Width); column++)
                    {
                        sum += x.At(n, ic, h, column) * w[((oc * x.Shape.Channels + ic) * k + h - top) * k + column - left];
                    }
                }
            }

            return sum;
        });
    }

    private DoubleMap Normalize(DoubleMap x, BatchNormSpec s)
    {
        double[] y = new double[x.Values.Length];
        for (int c = 0; c < x.Shape.Channels; c++)
        {
            int[] indices = [.. Enumerable.Range(0, y.Length).Where(i => i / (x.Shape.Height * x.Shape.Width) % x.Shape.Channels == c)];
            double mean = indices.Average(i => x.Values[i]);
            double variance = indices.Average(i => (x.Values[i] - mean) * (x.Values[i] - mean));
            foreach (int i in indices)
            {
                y[i] =
                    Tensors[s.Name + ".weight"][c] * (x.Values[i] - mean) / Math.Sqrt(variance + s.Epsilon) + Tensors[s.Name + ".bias"][c];
            }
        }

        return x with { Values = y };
    }

    private static DoubleMap Pool(DoubleMap x, int height, int width, int stride, int padding, Func<List<double>, double> fold) =>
        Map(x, x.Shape.Channels, height, width, stride, padding, (n, c, top, left) =>
        {
            var window = new List<double>();
            for (int h = Math.Max(top, 0); h < Math.Min(top + height, x.Shape.Height); h++)
            {
                for (int w = Math.Max(left, 0); w < Math.Min(left + width, x.Shape.Width); w++)
                {
                    window.Add(x.At(n, c, h, w));
                }
            }

            return fold(window);
        });

    private static DoubleMap Add(DoubleMap a, DoubleMap b) => a with { Values = [.. a.Values.Zip(b.Values, (x, y) => x + y)] };

    private static DoubleMap Map(
        DoubleMap x, int channels, int height, int width, int stride, int padding, Func<int, int, int, int, double> value)
    {
        var shape = new Shape(
            channels, (x.Shape.Height + 2 * padding - height) / stride + 1, (x.Shape.Width + 2 * padding - width) / stride + 1);
        double[] y = new double[x.Images * shape.Count];
        ConvolutionTwin.Each(x.Images, shape, (n, c, h, w, index) => y[index] = value(n, c, h * stride - padding, w * stride - padding));
        return new DoubleMap(shape, x.Images, y);
    }

#pragma warning disable RS0030 // The platform's own functions: a reference must not lean on the engine's.
    internal static double Exp(double x) => Math.Exp(x);

    internal static double Log(double x) => Math.Log(x);
#pragma warning restore RS0030
}
