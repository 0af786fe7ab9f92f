namespace Inkling.Engine;

/// <summary>Maximum over windows of the map, or over the whole of it.</summary>
internal sealed class MaxPool(Shape input, Shape output, PoolWindow window) : Layer(input, output)
{
    internal override BoundLayer Bind(Binding binding) => new Bound(this, binding);

    private PoolWindow Window { get; } = window;

    internal sealed class Bound(MaxPool layer, Binding binding)
        : BoundLayer(binding.AllocateOutput(layer.Output), binding.Workspace.Allocate(layer.Output))
    {
        private readonly KernelSet _kernels = binding.Kernels;
        private readonly Tensor _input = binding.Input;
        private readonly Tensor? _inputGradient = binding.InputGradient;
        private readonly Tensor _winners = binding.Workspace.Allocate(layer.Output);
        private bool _isFused;

        /// <summary>Leaves training to the layer before.</summary>
        /// <param name="map">Where that layer makes its output, map by map.</param>
        /// <param name="gradient">Where it takes the output's gradient.</param>
        internal (FusedPool Forward, FusedPool Backward) Fuse(Tensor map, Tensor gradient)
        {
            _isFused = true;
            return (new(map, Output, _winners, layer.Window), new(gradient, OutputGradient, _winners, layer.Window));
        }

        internal override void Forward(in Pass pass)
        {
            if (!pass.Training)
            {
                _kernels.Run(new MaxPoolInference(_input, Output, layer.Window, pass.Images));
            }
            else if (!_isFused)
            {
                _kernels.Run(new MaxPoolForward(_input, Output, _winners, layer.Window, pass.Images));
            }
        }

        internal override void Backward(in Pass pass)
        {
            if (_inputGradient is not null && !_isFused)
            {
                _kernels.Run(new MaxPoolBackward(OutputGradient, _winners, _inputGradient, layer.Window, pass.Images));
            }
        }
    }
}
