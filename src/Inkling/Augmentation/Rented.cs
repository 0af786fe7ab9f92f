using System.Buffers;

namespace Inkling.Augmentation;

/// <summary>Scratch memory from the shared pool, given back at the end of a <c>using</c>; its content is arbitrary.</summary>
internal readonly ref struct Rented<T>(int length)
{
    private readonly T[] _array = ArrayPool<T>.Shared.Rent(length);

    public Span<T> Span => _array.AsSpan(0, length);

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
