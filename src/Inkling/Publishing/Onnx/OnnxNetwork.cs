using Inkling.Engine;
using Inkling.Packages;
using Inkling.Publishing.Onnx.Schema;

namespace Inkling.Publishing.Onnx;

/// <summary>A trained network as ONNX operators: what it does outside training.</summary>
/// <remarks>
/// Batch norm after a convolution or linear layer is folded into that layer's filters, computed in double precision and rounded
/// once; anywhere else it is a scale and a shift. Dropout is nothing.
/// </remarks>
internal sealed class OnnxNetwork
{
    private readonly OnnxGraph _graph;
    private readonly Network _network;
    private readonly Dictionary<string, float[]> _tensors;

    internal OnnxNetwork(OnnxGraph graph, NetworkWeights weights)
    {
        _graph = graph;
        _network = weights.Network;
        _tensors = _network.Parameters.Concat(_network.Buffers).ToDictionary(tensor => tensor.Name, weights.Get);
    }

    /// <summary>From normalised pixels to logits.</summary>
    /// <param name="pixels">[N, C, H, W], C as the network was trained with.</param>
    /// <returns>[N, K].</returns>
    internal string FromTrainedChannels(string pixels) => Logits(new Value(pixels, IsMap: true), widenStem: false);

    /// <summary>The same from pixels in colour; three equal channels give what one grey channel gives.</summary>
    /// <param name="pixels">[N, 3, H, W].</param>
    /// <returns>[N, K].</returns>
    internal string FromColour(string pixels)
    {
        bool isGrey = _network.Input.Channels == 1;
        bool widenStem = GreyStem.Of(_network) is not null;
        return Logits(new Value(isGrey && !widenStem ? Luma(pixels) : pixels, IsMap: true), widenStem);
    }

    private string Logits(Value pixels, bool widenStem)
    {
        Value logits = Apply(pixels, _network.Specs, widenStem);
        return AsFeatures(logits).Name;
    }

    private Value Apply(Value value, IReadOnlyList<LayerSpec> specs, bool widenStem = false)
    {
        for (int i = 0; i < specs.Count; i++)
        {
            BatchNormSpec? norm = specs[i] is ConvolutionSpec or LinearSpec ? specs.ElementAtOrDefault(i + 1) as BatchNormSpec : null;
            value = specs[i] switch
            {
                ConvolutionSpec s => Convolve(AsMap(value), s, norm, widen: widenStem && i == 0),
                LinearSpec s => Linear(AsFeatures(value), s, norm),
                BatchNormSpec s => ScaleAndShift(value, s),
                ReluSpec => Add("Relu", value),
                MaxPoolSpec s => Pool("MaxPool", value, s.KernelSize, s.Stride, s.Padding),
                AveragePoolSpec s => Pool(
                    "AveragePool", value, s.KernelSize, s.Stride, s.Padding, OnnxGraph.Integer("count_include_pad", 1)),
                GlobalAveragePoolSpec => Add("GlobalAveragePool", AsMap(value)),
                GlobalMaxPoolSpec => Add("GlobalMaxPool", AsMap(value)),
                FlattenSpec => AsFeatures(value),
                DropoutSpec => value,
                ResidualSpec s => Sum(Apply(value, s.Body), Apply(value, s.Shortcut)),
                _ => throw new ArgumentException($"onnx: no operator for {specs[i].GetType().Name}"),
            };
            i += norm is null ? 0 : 1;
        }

        return value;
    }

    private Value Convolve(Value input, ConvolutionSpec spec, BatchNormSpec? norm, bool widen)
    {
        float[] filters = FoldedFilters(spec.Name, norm);
        int channels = filters.Length / (spec.OutChannels * spec.KernelSize * spec.KernelSize);
        int[] shape = [spec.OutChannels, channels, spec.KernelSize, spec.KernelSize];
        if (widen)
        {
            (shape, filters) = GreyStem.Widen(shape, filters);
        }

        List<string> inputs = [input.Name, _graph.Constant(spec.Name + ".weight", shape, filters)];
        if (spec.Bias || norm is not null)
        {
            inputs.Add(_graph.Constant(spec.Name + ".bias", [spec.OutChannels], FoldedBias(spec.Name, spec.Bias, norm)));
        }

        return new Value(_graph.Add("Conv", inputs, Window(spec.KernelSize, spec.Stride, spec.Padding)), IsMap: true);
    }

    private Value Linear(Value input, LinearSpec spec, BatchNormSpec? norm)
    {
        float[] matrix = FoldedFilters(spec.Name, norm);
        List<string> inputs =
            [input.Name, _graph.Constant(spec.Name + ".weight", [spec.OutFeatures, matrix.Length / spec.OutFeatures], matrix)];
        if (spec.Bias || norm is not null)
        {
            inputs.Add(_graph.Constant(spec.Name + ".bias", [spec.OutFeatures], FoldedBias(spec.Name, spec.Bias, norm)));
        }

        return new Value(_graph.Add("Gemm", inputs, OnnxGraph.Integer("transB", 1)), IsMap: false);
    }

    private Value ScaleAndShift(Value input, BatchNormSpec norm)
    {
        (double[] scale, double[] shift) = Affine(norm);
        int[] shape = input.IsMap ? [scale.Length, 1, 1] : [scale.Length];
        string scaled = _graph.Add("Mul", [input.Name, _graph.Constant(norm.Name + ".scale", shape, Rounded(scale))]);
        return input with { Name = _graph.Add("Add", [scaled, _graph.Constant(norm.Name + ".shift", shape, Rounded(shift))]) };
    }

    private Value Pool(
        string operatorType, Value input, int kernelSize, int stride, int padding, params IEnumerable<AttributeProto> more) =>
        new(_graph.Add(operatorType, [AsMap(input).Name], [.. Window(kernelSize, stride, padding), .. more]), IsMap: true);

    private Value Sum(Value body, Value shortcut)
    {
        if (body.IsMap != shortcut.IsMap)
        {
            (body, shortcut) = (AsMap(body), AsMap(shortcut));
        }

        return body with { Name = _graph.Add("Add", [body.Name, shortcut.Name]) };
    }

    private Value Add(string operatorType, Value input) => input with { Name = _graph.Add(operatorType, [input.Name]) };

    /// <summary>[N, C, H, W] as [N, C·H·W], PyTorch's order of features.</summary>
    private Value AsFeatures(Value value) => value.IsMap
        ? new Value(_graph.Add("Flatten", [value.Name], OnnxGraph.Integer("axis", 1)), IsMap: false)
        : value;

    /// <summary>[N, C] as [N, C, 1, 1].</summary>
    private Value AsMap(Value value) => value.IsMap
        ? value
        : new Value(_graph.Unsqueeze(value.Name, 2, 3), IsMap: true);

    /// <summary>[N, 3, H, W] as [N, 1, H, W], for networks whose first layer can't take colour itself.</summary>
    private string Luma(string pixels)
    {
        (int[] shape, float[] filter) = GreyStem.Widen([1, 1, 1, 1], [1]);
        return _graph.Add("Conv", [pixels, _graph.Constant("luma", shape, filter)], OnnxGraph.Integers("kernel_shape", 1, 1));
    }

    private static IEnumerable<AttributeProto> Window(int kernelSize, int stride, int padding) =>
    [
        OnnxGraph.Integers("kernel_shape", kernelSize, kernelSize),
        OnnxGraph.Integers("pads", padding, padding, padding, padding),
        OnnxGraph.Integers("strides", stride, stride),
    ];

    /// <summary>A layer's filters, each times the scale of the norm that follows.</summary>
    private float[] FoldedFilters(string name, BatchNormSpec? norm)
    {
        float[] filters = _tensors[name + ".weight"];
        if (norm is null)
        {
            return filters;
        }

        double[] scale = Affine(norm).Scale;
        int length = filters.Length / scale.Length;
        return [.. filters.Select((filter, i) => (float)(filter * scale[i / length]))];
    }

    private float[] FoldedBias(string name, bool hasBias, BatchNormSpec? norm)
    {
        if (norm is null)
        {
            return _tensors[name + ".bias"];
        }

        (double[] scale, double[] shift) = Affine(norm);
        return [.. shift.Select((s, i) => (float)(hasBias ? s + scale[i] * _tensors[name + ".bias"][i] : s))];
    }

    /// <summary>Batch norm with its running statistics: scale = γ / √(variance + ε), shift = β − mean·scale.</summary>
    private (double[] Scale, double[] Shift) Affine(BatchNormSpec norm)
    {
        float[] variance = _tensors[norm.Name + ".running_var"];
        double[] scale = [.. _tensors[norm.Name + ".weight"].Select((gamma, i) => gamma / Math.Sqrt((double)variance[i] + norm.Epsilon))];
        float[] mean = _tensors[norm.Name + ".running_mean"];
        return (scale, [.. _tensors[norm.Name + ".bias"].Select((beta, i) => beta - mean[i] * scale[i])]);
    }

    private static float[] Rounded(double[] values) => [.. values.Select(value => (float)value)];

    /// <summary>A value of the graph: a map [N, C, H, W] or features [N, C], which is what ONNX has for a map of 1×1.</summary>
    private readonly record struct Value(string Name, bool IsMap);
}
