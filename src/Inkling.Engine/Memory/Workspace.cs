namespace Inkling.Engine;

/// <summary>The activations and gradients of one chunk in flight; each worker thread owns one and allocates nothing later.</summary>
/// <param name="images">Largest number of images in a chunk.</param>
/// <param name="threads">Threads that may work on the chunk at once.</param>
/// <param name="training">
/// Whether chunks come back, too: the sums of filters' gradients take more than three times as much as all else in <c>models/default</c>.
/// </param>
internal sealed unsafe class Workspace(int images, bool training = true, int threads = 1) : IDisposable
{
    private readonly List<FloatBuffer> _buffers = [];
    private readonly FloatBuffer?[] _scratch = new FloatBuffer?[threads];
    private long _scratchLength;

    /// <summary>Largest number of images in a chunk.</summary>
    internal int Images { get; } = images;

    internal bool IsForTraining { get; } = training;

    /// <summary>What it takes of the machine's memory so far, once there is scratch.</summary>
    internal long LengthBytes => (_buffers.Sum(buffer => buffer.Length) + threads * _scratchLength) * sizeof(float);

    /// <summary>A tensor of zeros.</summary>
    /// <exception cref="InsufficientMemoryException">It is larger than the kernels' indices or this machine's memory.</exception>
    internal Tensor Allocate(Shape shape, int halo = 0, int lanes = Tensor.BlockLanes)
    {
        long length = Tensor.LengthOf(shape, Images, lanes, halo);
        return length <= int.MaxValue
            ? new Tensor(Allocate(length), shape, Images, lanes, halo)
            : throw new InsufficientMemoryException(
                $"network: a map of {shape} for {Images} images has more than 2³¹ values. Make the chunks, the input or the network smaller.");
    }

    /// <summary>Plain memory of zeros.</summary>
    internal float* Allocate(long length)
    {
        var buffer = new FloatBuffer(length);
        _buffers.Add(buffer);
        return buffer.Data;
    }

    /// <summary>A thread's own memory that every kernel may overwrite: as long as the longest that was reserved.</summary>
    internal float* Scratch(int thread) => (_scratch[thread] ??= new FloatBuffer(_scratchLength)).Data;

    /// <summary>Asks for scratch memory; not while a kernel uses it.</summary>
    internal void Reserve(long length)
    {
        if (length > _scratchLength)
        {
            _scratchLength = length;
            FreeScratch();
        }
    }

    public void Dispose()
    {
        _buffers.ForEach(buffer => buffer.Dispose());
        FreeScratch();
    }

    private void FreeScratch()
    {
        Array.ForEach(_scratch, buffer => buffer?.Dispose());
        Array.Clear(_scratch);
    }
}
