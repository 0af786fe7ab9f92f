namespace Inkling.Engine;

/// <summary>Moves parameters against their gradients; keeps what it has to remember of earlier steps.</summary>
public abstract unsafe class Optimizer : IDisposable
{
    private readonly FloatBuffer[] _state;
    private readonly IReadOnlyList<Parameter> _tensors;

    private protected Optimizer(Network network, int stateBuffers)
    {
        _state = [.. Enumerable.Range(0, stateBuffers).Select(_ => new FloatBuffer(network.ParameterLength))];
        _tensors = network.Parameters;
    }

    /// <summary>Values remembered of each parameter: 1 for momentum, 2 for two moments.</summary>
    public int StateCount => _state.Length;

    /// <summary>What is remembered, one value a parameter (momentum, second moments).</summary>
    internal IReadOnlyList<FloatBuffer> State => _state;

    /// <summary>What is remembered of one tensor, in PyTorch's order.</summary>
    /// <param name="index">From 0 to below <see cref="StateCount"/>.</param>
    /// <param name="parameter">One of the network's parameters.</param>
    public float[] GetState(int index, Parameter parameter) => parameter.Unpack(_state[index].Span);

    /// <summary>Sets what is remembered of one tensor, given in PyTorch's order, so that training can go on where it stopped.</summary>
    /// <exception cref="ShapeMismatchException">The count differs.</exception>
    public void SetState(int index, Parameter parameter, ReadOnlySpan<float> values) => parameter.Pack(values, _state[index].Span);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        foreach (FloatBuffer buffer in _state)
        {
            buffer.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Updates the parameters of a range; ranges are independent of each other.</summary>
    /// <param name="kernels">Kernels for this machine's vectors.</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="parameters">Changed.</param>
    /// <param name="gradients">Gradients of the mean loss over the batch.</param>
    /// <param name="start">First float, a multiple of 16.</param>
    /// <param name="end">End, a multiple of 16.</param>
    internal void Update(UpdateKernelSet kernels, int step, double learningRate, float* parameters, float* gradients, int start, int end)
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
    internal virtual void Finish(Action<int, Action<int, int>> run, UpdateKernelSet kernels, double learningRate, float* parameters)
    {
    }

    private protected abstract void Update(
        UpdateKernelSet kernels, int step, float learningRate, Parameter parameter, float* parameters, float* gradients, nint start, nint end);
}
