using System.Runtime.InteropServices;

namespace Inkling.Engine;

/// <summary>Zero-initialised native memory, aligned to a cache line; never moved, so kernels hold pointers into it.</summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private const int AlignmentBytes = 64;

    private static readonly long Available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private static long Allocated;

    private float* _data;

    /// <exception cref="InsufficientMemoryException">All buffers together would not fit into this machine's memory.</exception>
    internal FloatBuffer(long length)
    {
        Length = length;
        nuint bytes = (nuint)Math.Max(length, 1) * sizeof(float);

        // Without this a huge network would be promised its memory, and the system would kill the process as it is filled.
        if (Interlocked.Add(ref Allocated, (long)bytes) > Available)
        {
            Interlocked.Add(ref Allocated, -(long)bytes);
            GC.SuppressFinalize(this);
            throw new InsufficientMemoryException(
                $"memory: {bytes >> 20} MiB more are needed than the {Available >> 20} MiB of this machine leave. Make the network, the batch or the number of threads smaller.");
        }

        _data = (float*)NativeMemory.AlignedAlloc(bytes, AlignmentBytes);
        NativeMemory.Clear(_data, bytes);
    }

    ~FloatBuffer() => Free();

    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    internal float* Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data is null, this);
            return _data;
        }
    }

    internal long Length { get; }

    internal Span<float> Span => new(Data, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_data is not null)
        {
            NativeMemory.AlignedFree(_data);
            Interlocked.Add(ref Allocated, -Math.Max(Length, 1) * sizeof(float));
            _data = null;
        }
    }
}
