namespace Inkling.Engine;

/// <summary>Gives each tensor of a network under construction its place.</summary>
internal sealed class ParameterAllocator
{
    private readonly HashSet<string> _names = [];

    internal List<Parameter> Parameters { get; } = [];

    /// <summary>Running statistics, with the weight of a chunk's statistics in them.</summary>
    internal List<(Parameter Buffer, float Momentum)> Buffers { get; } = [];

    internal int ParameterLength { get; private set; }

    internal int BufferLength { get; private set; }

    internal int TransformedLength { get; private set; }

    internal int TransposedLength { get; private set; }

    internal int Dropouts { get; private set; }

    internal Parameter Filter(string name, IReadOnlyList<int> dimensions, FilterPacking packing, Initializer initializer)
    {
        var parameter = new Parameter(Unique(name), dimensions, ParameterLength, packing.Length, initializer, packing);
        ParameterLength = checked(ParameterLength + parameter.Length);
        Parameters.Add(parameter);
        return parameter;
    }

    internal Parameter Vector(string name, int channels, Initializer initializer)
    {
        var parameter = new Parameter(Unique(name), [channels], ParameterLength, Padded(channels), initializer);
        ParameterLength = checked(ParameterLength + parameter.Length);
        Parameters.Add(parameter);
        return parameter;
    }

    internal Parameter Buffer(string name, int channels, float initial, float momentum)
    {
        var buffer = new Parameter(Unique(name), [channels], BufferLength, Padded(channels), new Initializer.Constant(initial));
        BufferLength = checked(BufferLength + buffer.Length);
        Buffers.Add((buffer, momentum));
        return buffer;
    }

    /// <returns>Offset of a transformed filter.</returns>
    internal int Transformed(int length)
    {
        int offset = TransformedLength;
        TransformedLength += length;
        return offset;
    }

    /// <returns>Offset of a transposed filter.</returns>
    internal int Transposed(int length)
    {
        int offset = TransposedLength;
        TransposedLength = checked(TransposedLength + length);
        return offset;
    }

    /// <returns>Number of a dropout layer, the key of its masks.</returns>
    internal int Dropout() => Dropouts++;

    private static int Padded(int channels) => (channels + Tensor.BlockLanes - 1) / Tensor.BlockLanes * Tensor.BlockLanes;

    private string Unique(string name) => _names.Add(name)
        ? name
        : throw new ArgumentException($"network: two tensors are called '{name}'; give every layer its own name");
}
