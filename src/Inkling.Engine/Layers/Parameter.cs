namespace Inkling.Engine;

/// <summary>
/// A named tensor of a network and where it lies among all parameters (or, for running statistics, all buffers).
/// The engine keeps filters in the order its kernels read; the outside world sees PyTorch's order.
/// </summary>
/// <param name="Name">State-dict name.</param>
/// <param name="Dimensions">PyTorch's shape, e.g. [OC, IC, KH, KW].</param>
/// <param name="Offset">First float in the engine's memory, a multiple of 16.</param>
/// <param name="Length">Floats in the engine's memory, a multiple of 16; lanes beyond the last channel stay zero.</param>
/// <param name="Initializer">Values before the first step.</param>
/// <param name="Packing">How a filter is laid out; null where the order is PyTorch's own.</param>
public sealed record Parameter(
    string Name,
    IReadOnlyList<int> Dimensions,
    int Offset,
    int Length,
    Initializer Initializer,
    FilterPacking? Packing = null)
{
    /// <summary>Number of values without the engine's padding.</summary>
    public int Count => Dimensions.Aggregate(1, (product, dimension) => product * dimension);

    /// <summary>Whether weight decay applies: to filters and matrices, not to biases nor to batch norm.</summary>
    public bool Decays => Dimensions.Count > 1;

    /// <summary>Where the engine keeps the value with this index in PyTorch's order, counted from <see cref="Offset"/>.</summary>
    public int PackedIndex(int index) => Packing?.PackedIndex(index) ?? index;

    /// <summary>Copies the tensor out of the engine's memory, into PyTorch's order.</summary>
    public float[] Unpack(ReadOnlySpan<float> memory)
    {
        float[] values = new float[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = memory[Offset + PackedIndex(i)];
        }

        return values;
    }

    /// <summary>Copies values in PyTorch's order into the engine's memory.</summary>
    public void Pack(ReadOnlySpan<float> values, Span<float> memory)
    {
        if (values.Length != Count)
        {
            throw new ShapeMismatchException(Name, $"{Count} values for [{string.Join(", ", Dimensions)}]", $"{values.Length}");
        }

        for (int i = 0; i < values.Length; i++)
        {
            memory[Offset + PackedIndex(i)] = values[i];
        }
    }
}
