using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Inkling.Engine;

/// <summary>Zero-initialised native memory, aligned to a cache line; never moved, so kernels hold pointers into it.</summary>
/// <remarks>
/// In Debug builds it lies between guards, which are looked at when it is freed: who wrote beyond an end is found there. They hold NaN, so
/// that
/// who reads beyond an end and uses it is found, too.
/// </remarks>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private const int AlignmentBytes = 64;

    /// <summary>Floats before and behind that belong to nobody; whole cache lines.</summary>
#if DEBUG
    private const int GuardLength = 64;
#else
    private const int GuardLength = 0;
#endif

    /// <summary>A NaN that no arithmetic makes.</summary>
    private const uint Guard = 0x7FC0_DEAD;

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

        _data = (float*)NativeMemory.AlignedAlloc(bytes + 2 * GuardLength * sizeof(float), AlignmentBytes) + GuardLength;
        NativeMemory.Clear(_data, bytes);
        SetGuards();
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
            CheckGuards();
            NativeMemory.AlignedFree(_data - GuardLength);
            Interlocked.Add(ref Allocated, -Math.Max(Length, 1) * sizeof(float));
            _data = null;
        }
    }

    [Conditional("DEBUG")]
    private void SetGuards()
    {
        GuardBefore.Fill(Guard);
        GuardBehind.Fill(Guard);
    }

    /// <exception cref="InvalidOperationException">Somebody wrote there.</exception>
    [Conditional("DEBUG")]
    private void CheckGuards()
    {
        if (GuardBefore.ContainsAnyExcept(Guard) || GuardBehind.ContainsAnyExcept(Guard))
        {
            throw new InvalidOperationException(
                $"memory: expected the guards of a buffer of {Length} floats as they were set, found them overwritten "
                + (GuardBefore.ContainsAnyExcept(Guard) ? "before its beginning" : "behind its end"));
        }
    }

    private Span<uint> GuardBefore => new(_data - GuardLength, GuardLength);

    private Span<uint> GuardBehind => new(_data + Math.Max(Length, 1), GuardLength);
}
