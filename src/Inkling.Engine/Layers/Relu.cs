namespace Inkling.Engine;

/// <summary>max(x, 0), in place where nobody else reads the input. The gradient at 0 is 0.</summary>
internal sealed class Relu(Shape input) : Layer(input, input)
{
    internal override int InputHalo(int outputHalo) => outputHalo;

    internal override BoundLayer Bind(Binding binding) => new Bound(
        binding,
        binding.OwnsInput ? binding.Input : binding.AllocateOutput(Output),
        binding.InputGradientOr(Output));

    private sealed class Bound(Binding binding, Tensor output, Tensor outputGradient) : BoundLayer(output, outputGradient)
    {
        private readonly KernelSet _kernels = binding.Kernels;
        private readonly Tensor _input = binding.Input;

        internal override void Forward(in Pass pass) => _kernels.Run(new Rectify(_input, Output, pass.Images));

        internal override void Backward(in Pass pass) =>
            _kernels.Run(new WherePositive(Output, OutputGradient, OutputGradient, pass.Images));
    }
}
