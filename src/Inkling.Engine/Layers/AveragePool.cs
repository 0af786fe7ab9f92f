namespace Inkling.Engine;

/// <summary>Mean over windows of the map, or over the whole of it.</summary>
internal sealed class AveragePool(Shape input, Shape output, PoolWindow window) : Layer(input, output)
{
    internal override BoundLayer Bind(Binding binding) => new Bound(this, binding);

    private PoolWindow Window { get; } = window;

    private sealed class Bound(AveragePool layer, Binding binding)
        : BoundLayer(binding.AllocateOutput(layer.Output), binding.Workspace.Allocate(layer.Output))
    {
        private readonly KernelSet _kernels = binding.Kernels;
        private readonly Tensor _input = binding.Input;
        private readonly Tensor? _inputGradient = binding.InputGradient;

        internal override void Forward(in Pass pass) =>
            _kernels.Run(new AveragePoolForward(_input, Output, layer.Window, pass.Images));

        internal override void Backward(in Pass pass)
        {
            if (_inputGradient is not null)
            {
                _kernels.Run(new AveragePoolBackward(OutputGradient, _inputGradient, layer.Window, pass.Images));
            }
        }
    }
}
