namespace Inkling.Engine;

/// <summary>
/// Moves parameters against their gradients; keeps what it has to remember of earlier steps. Serves one trainer at a time.
/// </summary>
public abstract unsafe class Optimizer : IDisposable
{
    private readonly FloatBuffer[] _state;
    private readonly IReadOnlyList<Parameter> _tensors;

    private protected Optimizer(Network network, int stateBuffers)
    {
        _state = [.. Enumerable.Range(0, stateBuffers).Select(_ => new FloatBuffer(network.ParameterLength))];
        _tensors = network.Parameters;
        Lease = new Lease(this);
    }

    /// <summary>Values remembered of each parameter: 1 for momentum, 2 for two moments.</summary>
    public int StateCount => _state.Length;

    /// <summary>To be entered alone by whoever uses it.</summary>
    internal Lease Lease { get; }

    /// <summary>What is remembered, one value a parameter (momentum, second moments).</summary>
    internal IReadOnlyList<FloatBuffer> State => _state;

    /// <summary>What is remembered of one tensor, in PyTorch's order.</summary>
    /// <param name="index">From 0 to below <see cref="StateCount"/>.</param>
    /// <param name="parameter">One of the network's parameters.</param>
    /// <exception cref="InvalidOperationException">Another thread uses it.</exception>
    public float[] GetState(int index, Parameter parameter)
    {
        using Lease.Call call = Lease.EnterAlone();
        return parameter.Unpack(_state[index].Span);
    }

    /// <summary>Sets what is remembered of one tensor, given in PyTorch's order, so that training can go on where it stopped.</summary>
    /// <exception cref="ShapeMismatchException">The count differs.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses it.</exception>
    public void SetState(int index, Parameter parameter, ReadOnlySpan<float> values)
    {
        using Lease.Call call = Lease.EnterAlone();
        parameter.Pack(values, _state[index].Span);
    }

    /// <summary>Waits for a step in progress and frees the memory.</summary>
    /// <exception cref="InvalidOperationException">It was called from inside the step.</exception>
    public void Dispose()
    {
        if (Lease.Close())
        {
            Free();
        }

        GC.SuppressFinalize(this);
    }

    private protected virtual void Free() => Array.ForEach(_state, buffer => buffer.Dispose());

    /// <summary>Updates the parameters of a range; ranges are independent of each other.</summary>
    /// <param name="kernels">Kernels for this machine's vectors.</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="parameters">Changed.</param>
    /// <param name="gradients">Gradients of the mean loss over the batch.</param>
    /// <param name="start">First float, a multiple of 16.</param>
    /// <param name="end">End, a multiple of 16.</param>
    internal void Update(KernelSet kernels, int step, double learningRate, float* parameters, float* gradients, int start, int end)
    {
        for (int i = 0; i < _tensors.Count; i++)
        {
            Parameter tensor = _tensors[i];
            int from = Math.Max(start, tensor.Offset);
            int to = Math.Min(end, tensor.Offset + tensor.Length);
            if (from < to)
            {
                Update(kernels, step, (float)learningRate, tensor, parameters, gradients, from, to);
            }
        }
    }

    /// <summary>The part of a step that has to know all gradients; none for optimisers that go element by element.</summary>
    /// <param name="run">Does a number of items on all threads, each called with (worker, item), and returns when all are done.</param>
    /// <param name="kernels">Kernels for this machine's vectors.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="parameters">Changed.</param>
    internal virtual void Finish(Action<int, Action<int, int>> run, KernelSet kernels, double learningRate, float* parameters)
    {
    }

    private protected abstract void Update(
        KernelSet kernels, int step, float learningRate, Parameter parameter, float* parameters, float* gradients, nint start, nint end);
}
