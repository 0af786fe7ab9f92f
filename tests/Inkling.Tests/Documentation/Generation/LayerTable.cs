using System.Globalization;
using System.Text;
using Inkling.Engine;

namespace Inkling.Tests.Documentation.Generation;

/// <summary>A network as a Markdown table: a row for everything that has weights or changes the shape.</summary>
internal sealed class LayerTable
{
    private readonly StringBuilder _text = new("| layer | output | parameters |\n|---|---|---:|\n");
    private readonly Network _network;
    private Shape _shape;

    private LayerTable(Network network) => (_network, _shape) = (network, network.Input);

    internal static string Of(Network network)
    {
        var table = new LayerTable(network);
        table.Add($"image{(network.Input.Channels == 1 ? ", grey" : "")}", network.Input, 0);
        IReadOnlyList<LayerSpec> specs = network.Specs;
        for (int i = 0; i < specs.Count; i++)
        {
            // What only follows a layer is told with it.
            LayerSpec[] followers = [.. specs.Skip(i + 1).TakeWhile(spec => spec is BatchNormSpec or ReluSpec)];
            table.Add(specs[i], followers);
            i += followers.Length;
        }

        table._text.Append(CultureInfo.InvariantCulture, $"| **all** | | **{network.ParameterCount:N0}** |");
        return table._text.ToString();
    }

    private void Add(LayerSpec spec, LayerSpec[] followers)
    {
        string text = Describe(spec) + string.Concat(followers.Select(follower => ", " + Describe(follower)));
        Add(text, _shape = After(spec, _shape), ParametersOf(spec) + followers.Sum(ParametersOf));
    }

    private void Add(string text, Shape shape, int parameters)
    {
        string output = shape is { Height: 1, Width: 1 }
            ? shape.Channels.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{shape.Channels} × {shape.Height} × {shape.Width}");
        _text.Append(CultureInfo.InvariantCulture, $"| {text} | {output} | {(parameters == 0 ? "" : parameters.ToString("N0", CultureInfo.InvariantCulture))} |\n");
    }

    private static string Describe(LayerSpec spec) => spec switch
    {
        ConvolutionSpec c => string.Create(CultureInfo.InvariantCulture, $"{c.KernelSize}×{c.KernelSize} convolution to {c.OutChannels}{(c.Stride > 1 ? $", stride {c.Stride}" : "")}"),
        BatchNormSpec => "batch norm",
        ReluSpec => "ReLU",
        MaxPoolSpec p => string.Create(CultureInfo.InvariantCulture, $"{p.KernelSize}×{p.KernelSize} maximum, stride {p.Stride}"),
        AveragePoolSpec p => string.Create(CultureInfo.InvariantCulture, $"{p.KernelSize}×{p.KernelSize} mean, stride {p.Stride}"),
        GlobalAveragePoolSpec => "mean over the map",
        GlobalMaxPoolSpec => "maximum over the map",
        FlattenSpec => "flattened",
        LinearSpec l => string.Create(CultureInfo.InvariantCulture, $"fully connected to {l.OutFeatures}"),
        DropoutSpec d => string.Create(CultureInfo.InvariantCulture, $"dropout {d.Rate}"),
        ResidualSpec r => $"residual block: {string.Join("; ", r.Body.OfType<ConvolutionSpec>().Select(Describe))}"
            + (r.Shortcut.Count > 0 ? "; around them a 1×1 convolution" : ""),
        _ => throw new ArgumentException($"A layer of type {spec.GetType().Name} has no words."),
    };

    private static Shape After(LayerSpec spec, Shape shape) => spec switch
    {
        ConvolutionSpec c => Window(shape, c.KernelSize, c.Stride, c.Padding) with { Channels = c.OutChannels },
        MaxPoolSpec p => Window(shape, p.KernelSize, p.Stride, p.Padding),
        AveragePoolSpec p => Window(shape, p.KernelSize, p.Stride, p.Padding),
        GlobalAveragePoolSpec or GlobalMaxPoolSpec => new Shape(shape.Channels, 1, 1),
        FlattenSpec => new Shape(shape.Count, 1, 1),
        LinearSpec l => new Shape(l.OutFeatures, 1, 1),
        ResidualSpec r => r.Body.Aggregate(shape, (now, inner) => After(inner, now)),
        _ => shape,
    };

    private static Shape Window(Shape shape, int kernel, int stride, int padding) => shape with
    {
        Height = (shape.Height + 2 * padding - kernel) / stride + 1,
        Width = (shape.Width + 2 * padding - kernel) / stride + 1,
    };

    private int ParametersOf(LayerSpec spec) => spec switch
    {
        ConvolutionSpec c => Named(c.Name),
        BatchNormSpec b => Named(b.Name),
        LinearSpec l => Named(l.Name),
        ResidualSpec r => r.Body.Concat(r.Shortcut).Sum(ParametersOf),
        _ => 0,
    };

    private int Named(string layer) => _network.Parameters
        .Where(parameter => parameter.Name == layer + ".weight" || parameter.Name == layer + ".bias").Sum(parameter => parameter.Count);
}
