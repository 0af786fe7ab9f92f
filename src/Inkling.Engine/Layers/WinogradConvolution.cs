namespace Inkling.Engine;

/// <summary>
/// 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3), in all three directions. The rectification that follows is fused in.
/// </summary>
/// <remarks>Filters are stored as every convolution's; transformed ones are made anew whenever they change.</remarks>
internal sealed unsafe class WinogradConvolution : Layer
{
    private const int Lanes = Tensor.BlockLanes;
    private const int KernelSize = WinogradTransform.KernelSize;
    private const int Tap = Lanes * Lanes;
    private const int FilterLength = KernelSize * KernelSize * Tap;

    private readonly int _padding;
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly bool _relu;
    private readonly FilterPacking _packing;
    private readonly int _filters;
    private readonly int _transposed;

    internal WinogradConvolution(
        ConvolutionSpec spec, Shape input, Shape output, Initializer initializer, Initializer biasInitializer, bool relu,
        ParameterAllocator allocator)
        : base(input, output)
    {
        _padding = spec.Padding;
        _packing = new FilterPacking(spec.OutChannels, input.Channels, KernelSize, Lanes);
        _weight = allocator.Filter(
            spec.Name + ".weight", [spec.OutChannels, input.Channels, KernelSize, KernelSize], _packing, initializer);
        _relu = relu;
        _bias = spec.Bias ? allocator.Vector(spec.Name + ".bias", spec.OutChannels, biasInitializer) : null;
        _filters = allocator.Transformed(WinogradKernel.FilterLength(_packing.OutBlocks, _packing.InBlocks));
        _transposed = allocator.Transposed(WinogradKernel.FilterLength(_packing.InBlocks, _packing.OutBlocks));
    }

    internal override long MultiplyAdds => (long)Output.Count * Input.Channels * KernelSize * KernelSize;

    /// <summary>Padding of the input's gradient as a convolution of the output's.</summary>
    private int GradientPadding => KernelSize - 1 - _padding;

    /// <summary>Whether a convolution is of this kind; part of the numeric contract.</summary>
    internal static bool Serves(ConvolutionSpec spec, Shape output, int inputLanes) =>
        spec is { KernelSize: KernelSize, Stride: 1, Padding: < KernelSize } && inputLanes == Lanes && WinogradSweep.Pays(output);

    internal override int InputHalo(int outputHalo) => _padding;

    internal override BoundLayer Bind(Binding binding) => new Bound(this, binding);

    internal override void TransformFilters(KernelSet kernels, float* parameters, float* filters, WorkPart part)
    {
        (int start, int end) = part.RangeOf(_packing.OutBlocks * _packing.InBlocks);
        kernels.Run(new WinogradFilters(
            parameters + _weight.Offset + start * FilterLength,
            (end - start) * Lanes,
            filters + _filters + start * Tap,
            WinogradKernel.PositionLength(_packing.OutBlocks, _packing.InBlocks * Lanes)));
    }

    /// <summary>Filters with input and output exchanged, turned by half a circle.</summary>
    internal override void TransposeFilters(KernelSet kernels, float* parameters, float* transposed, WorkPart part)
    {
        float* turned = stackalloc float[FilterLength];
        int position = WinogradKernel.PositionLength(_packing.InBlocks, _packing.OutBlocks * Lanes);
        (int start, int end) = part.RangeOf(_packing.InBlocks * _packing.OutBlocks);
        for (int pair = start; pair < end; pair++)
        {
            (int inBlock, int outBlock) = Math.DivRem(pair, _packing.OutBlocks);
            float* filter = parameters + _weight.Offset + (outBlock * _packing.InBlocks + inBlock) * FilterLength;
            for (int tap = 0; tap < KernelSize * KernelSize; tap++)
            {
                Transposition.Square(filter + tap * Tap, turned + FilterLength - (tap + 1) * Tap);
            }

            kernels.Run(new WinogradFilters(turned, Lanes, transposed + _transposed + pair * Tap, position));
        }
    }

    private sealed class Bound : BoundConvolution
    {
        private readonly WinogradConvolution _layer;
        private readonly WinogradSweep _forward;
        private readonly WinogradSweep _weightGradient;
        private readonly WinogradSweep? _inputGradient;
        private readonly Workspace _workspace;
        private WinogradSweep? _fused;

        internal Bound(WinogradConvolution layer, Binding binding)
            : base(binding, binding.AllocateOutput(layer.Output), binding.Workspace.Allocate(layer.Output, layer.GradientPadding),
                layer._bias, layer._relu)
        {
            _layer = layer;
            _workspace = binding.Workspace;
            _forward = new WinogradSweep(binding.Workspace, binding.Input, Output, layer._padding);
            _weightGradient = new WinogradSweep(binding.Workspace, binding.Input, OutputGradient, layer._padding, sums: true);
            _inputGradient = binding.InputGradient is { } inputGradient
                ? new WinogradSweep(binding.Workspace, OutputGradient, inputGradient, layer.GradientPadding)
                : null;
        }

        protected override void BindFused(Tensor output) =>
            _fused = new WinogradSweep(_workspace, _forward.Source, output, _layer._padding);

        protected override void Convolve(in Pass pass, float* addend, Epilogue epilogue, bool fused) =>
            Kernels.Run(new WinogradConvolve(fused ? _fused! : _forward, pass.Filters + _layer._filters, addend, epilogue, pass.Images));

        protected override void WeightGradient(in Pass pass) =>
            Kernels.Run(new WinogradWeightGradient(_weightGradient, pass.Gradients + _layer._weight.Offset, pass.Images));

        protected override void InputGradient(in Pass pass)
        {
            if (_inputGradient is not null)
            {
                Kernels.Run(new WinogradConvolve(_inputGradient, pass.Transposed + _layer._transposed, null, default, pass.Images));
            }
        }
    }
}
