using System.Runtime.InteropServices;

namespace Inkling.Engine.Memory;

/// <summary>Zero-initialised native memory, aligned to a cache line; never moved, so kernels hold pointers into it.</summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private const int AlignmentBytes = 64;

    internal FloatBuffer(long length)
    {
        Length = length;
        nuint bytes = (nuint)Math.Max(length, 1) * sizeof(float);
        Data = (float*)NativeMemory.AlignedAlloc(bytes, AlignmentBytes);
        NativeMemory.Clear(Data, bytes);
    }

    ~FloatBuffer() => Free();

    internal float* Data { get; private set; }

    internal long Length { get; }

    internal Span<float> Span => new(Data, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
    }
}
