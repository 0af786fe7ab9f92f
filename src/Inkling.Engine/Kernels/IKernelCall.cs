namespace Inkling.Engine;

/// <summary>
/// One call of a kernel as a value: what it reads, where it writes, its settings. Whoever runs it can time it or share it out among
/// threads without knowing what it computes.
/// </summary>
/// <remarks>
/// Long loops read locals, or stand in static methods: as far as the compiler knows, any store might change a field.
/// </remarks>
internal interface IKernelCall
{
    /// <summary>How much there is to do; the default for what no profile shows and no team divides.</summary>
    KernelWork Work { get; }

    /// <summary>Computes the outputs, or a part of them.</summary>
    /// <param name="tiles">The matrix kernel for these vectors.</param>
    /// <param name="part">Which part; always the whole of a call that isn't divisible.</param>
    void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>;
}

/// <summary>What a call works on and how much there is to do.</summary>
/// <param name="Place">Sweep or tensor: tells calls of one kernel apart in a profile, which shows its text.</param>
/// <param name="MultiplyAdds">Of one image; null where a kernel reads and writes rather than multiplies.</param>
/// <param name="Divisible">Multiply-adds of one image, or what takes as long, that threads may divide; null: the call stays whole.</param>
internal readonly record struct KernelWork(object? Place, long? MultiplyAdds = null, long? Divisible = null)
{
    /// <summary>Multiply-adds that take as long as to read and write a value.</summary>
    private const int WorkOfValue = 4;

    /// <summary>The work of going once over a tensor, of which every thread may take some blocks of channels.</summary>
    internal static KernelWork OnBlocksOf(Tensor tensor) =>
        new(tensor, Divisible: (long)WorkOfValue * tensor.Blocks * tensor.ImageStride);
}
