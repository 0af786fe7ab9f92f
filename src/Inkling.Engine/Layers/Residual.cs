namespace Inkling.Engine;

/// <summary>Body(x) + shortcut(x), with the rectification that follows fused in. An empty shortcut is the identity.</summary>
/// <remarks>Source: He et al. 2015, arXiv:1512.03385.</remarks>
internal sealed class Residual : Layer
{
    private readonly Sequence _body;
    private readonly Sequence _shortcut;
    private readonly bool _relu;

    internal Residual(Sequence body, Sequence shortcut, bool relu)
        : base(body.Input, body.Output)
    {
        if (body.Output != shortcut.Output)
        {
            throw new ShapeMismatchException("residual", $"a shortcut that gives the body's {body.Output}", $"{shortcut.Output}");
        }

        _body = body;
        _shortcut = shortcut;
        _relu = relu;
    }

    internal override long MultiplyAdds => _body.MultiplyAdds + _shortcut.MultiplyAdds;

    internal override int InputHalo(int outputHalo) => Math.Max(_body.InputHalo(0), _shortcut.InputHalo(0));

    internal override BoundLayer Bind(Binding binding)
    {
        Binding branch = binding with { OutputHalo = 0, OwnsInput = false };
        Tensor? shortcutGradient = binding.InputGradient is null
            ? null
            : binding.Workspace.Allocate(Input);
        return new Bound(
            this,
            binding,
            _body.Bind(branch),
            _shortcut.Bind(branch with { InputGradient = shortcutGradient }),
            shortcutGradient);
    }

    internal override unsafe void TransformFilters(KernelSet kernels, float* parameters, float* filters, WorkPart part)
    {
        _body.TransformFilters(kernels, parameters, filters, part);
        _shortcut.TransformFilters(kernels, parameters, filters, part);
    }

    internal override unsafe void TransposeFilters(KernelSet kernels, float* parameters, float* transposed, WorkPart part)
    {
        _body.TransposeFilters(kernels, parameters, transposed, part);
        _shortcut.TransposeFilters(kernels, parameters, transposed, part);
    }

    private sealed class Bound(Residual layer, Binding binding, BoundLayer body, BoundLayer shortcut, Tensor? shortcutGradient)
        : BoundLayer(binding.AllocateOutput(layer.Output), shortcut.OutputGradient)
    {
        private readonly KernelSet _kernels = binding.Kernels;
        private readonly Tensor? _inputGradient = binding.InputGradient;

        internal override void Forward(in Pass pass)
        {
            body.Forward(pass);
            shortcut.Forward(pass);
            _kernels.Run(new Add(body.Output, shortcut.Output, Output, pass.Images, layer._relu));
        }

        internal override void Backward(in Pass pass)
        {
            if (layer._relu)
            {
                _kernels.Run(new WherePositive(Output, OutputGradient, body.OutputGradient, pass.Images));
            }
            else
            {
                _kernels.Run(new Copy(OutputGradient, body.OutputGradient, pass.Images));
            }

            body.Backward(pass);
            shortcut.Backward(pass);
            if (_inputGradient is not null)
            {
                _kernels.Run(new Add(_inputGradient, shortcutGradient!, _inputGradient, pass.Images, relu: false));
            }
        }
    }
}
