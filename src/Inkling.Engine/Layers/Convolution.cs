namespace Inkling.Engine;

/// <summary>
/// 2-D convolution of any kernel size, stride and padding; also the linear layer, as a 1×1 kernel on a 1×1 map. The rectification that
/// follows is fused in.
/// </summary>
/// <remarks>Shape: OH = ⌊(H + 2·padding − K) / stride⌋ + 1, and OW likewise. Order of sums: docs/numerics.md.</remarks>
internal sealed unsafe class Convolution : Layer
{
    private readonly ConvolutionSpec _spec;
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly bool _relu;
    private readonly FilterPacking _packing;
    private readonly InputPhase[] _rowPhases;
    private readonly InputPhase[] _columnPhases;
    private readonly int _transposed;
    private readonly bool _needsInputGradient;

    internal Convolution(
        ConvolutionSpec spec, Shape input, int inputLanes, bool needsInputGradient, Initializer initializer, Initializer biasInitializer,
        bool relu, ParameterAllocator allocator)
        : base(input, OutputShape(spec, input))
    {
        _spec = spec;
        _packing = new FilterPacking(spec.OutChannels, input.Channels, spec.KernelSize, inputLanes);
        bool isLinear = initializer is Initializer.Uniform;
        int[] dimensions = isLinear
            ? [spec.OutChannels, input.Channels]
            : [spec.OutChannels, input.Channels, spec.KernelSize, spec.KernelSize];
        _weight = allocator.Filter(spec.Name + ".weight", dimensions, _packing, initializer);
        _relu = relu;
        _bias = spec.Bias ? allocator.Vector(spec.Name + ".bias", spec.OutChannels, biasInitializer) : null;
        _rowPhases = InputPhase.All(spec, input.Height);
        _columnPhases = InputPhase.All(spec, input.Width);
        _needsInputGradient = needsInputGradient;
        _transposed = needsInputGradient ? allocator.Transposed(_packing.Length) : 0;
    }

    internal override long MultiplyAdds =>
        (long)Output.Count * Input.Channels * _spec.KernelSize * _spec.KernelSize;

    private bool ImagesAreColumns => Input is { Height: 1, Width: 1 } && _spec is { KernelSize: 1, Padding: 0, Stride: 1 };

    internal override int InputHalo(int outputHalo) => _spec.Padding;

    /// <summary>Border of zeros around the output's gradient, so that the backward pass never asks where the map ends.</summary>
    private int GradientHalo => !_needsInputGradient ? 0 : Math.Max(
        _rowPhases.Max(phase => phase.Halo(Output.Height)), _columnPhases.Max(phase => phase.Halo(Output.Width)));

    internal override BoundLayer Bind(Binding binding) => new Bound(this, binding);

    internal override void TransposeFilters(KernelSet kernels, float* parameters, float* transposed, WorkPart part)
    {
        if (!_needsInputGradient)
        {
            return;
        }

        const int Lanes = Tensor.BlockLanes;
        const int Tap = Lanes * Lanes;
        int pairs = _packing.InBlocks * _packing.OutBlocks;
        (int start, int end) = part.RangeOf(pairs);
        float* phase = transposed + _transposed;
        foreach (InputPhase rows in _rowPhases)
        {
            foreach (InputPhase columns in _columnPhases)
            {
                int taps = rows.Taps * columns.Taps;
                float* destination = phase + start * taps * Tap;
                for (int pair = start; pair < end; pair++)
                {
                    (int inBlock, int outBlock) = Math.DivRem(pair, _packing.OutBlocks);
                    for (int tap = 0; tap < taps; tap++, destination += Tap)
                    {
                        // The last tap first: the filter is flipped.
                        int kernelRow = rows.FirstTap + (rows.Taps - 1 - tap / columns.Taps) * _spec.Stride;
                        int kernelColumn = columns.FirstTap + (columns.Taps - 1 - tap % columns.Taps) * _spec.Stride;
                        float* source = parameters + _weight.Offset
                            + _packing.PackedIndex(outBlock * Lanes, inBlock * Lanes, kernelRow, kernelColumn);
                        Transposition.Square(source, destination);
                    }
                }

                phase += pairs * taps * Tap;
            }
        }
    }

    internal static Shape OutputShape(ConvolutionSpec spec, Shape input)
    {
        int height = (input.Height + 2 * spec.Padding - spec.KernelSize) / spec.Stride + 1;
        int width = (input.Width + 2 * spec.Padding - spec.KernelSize) / spec.Stride + 1;
        return input.Height + 2 * spec.Padding >= spec.KernelSize && input.Width + 2 * spec.Padding >= spec.KernelSize
            ? new Shape(spec.OutChannels, height, width)
            : throw new ShapeMismatchException(
                spec.Name, $"an input of at least {spec.KernelSize - 2 * spec.Padding} pixels", $"{input}");
    }

    /// <summary>
    /// The input rows (or columns) whose gradient comes from the same kernel elements: with stride s those that leave the
    /// same remainder. Within a phase the gradient is an ordinary convolution of stride 1.
    /// </summary>
    /// <param name="First">First input row of the phase.</param>
    /// <param name="Count">Input rows in it.</param>
    /// <param name="FirstTap">Its first kernel row; the others follow at the stride.</param>
    /// <param name="Taps">How many kernel rows it has; may be none.</param>
    /// <param name="Source">Output row under the first (flipped) tap of the first input row.</param>
    private readonly record struct InputPhase(int First, int Count, int FirstTap, int Taps, int Source)
    {
        internal static InputPhase[] All(ConvolutionSpec spec, int size)
        {
            var phases = new InputPhase[spec.Stride];
            for (int first = 0; first < spec.Stride; first++)
            {
                int firstTap = (first + spec.Padding) % spec.Stride;
                int taps = Math.Max(0, (spec.KernelSize - firstTap + spec.Stride - 1) / spec.Stride);
                int count = Math.Max(0, (size - first + spec.Stride - 1) / spec.Stride);
                int source = (first + spec.Padding - firstTap) / spec.Stride - (taps - 1);
                phases[first] = new InputPhase(first, count, firstTap, taps, source);
            }

            return phases;
        }

        internal int Halo(int outputSize) => Taps == 0 || Count == 0
            ? 0
            : Math.Max(0, Math.Max(-Source, Source + Count - 1 + Taps - outputSize));
    }

    private sealed class Bound : BoundConvolution
    {
        private readonly Convolution _layer;
        private readonly Workspace _workspace;
        private readonly Tensor _input;
        private readonly bool _linear;
        private readonly ConvolutionSweep _forward;
        private readonly WeightGradientSweep _weightGradient;
        private readonly List<(ConvolutionSweep Sweep, int Offset)> _inputGradient = [];
        private ConvolutionSweep? _fused;

        internal Bound(Convolution layer, Binding binding)
            : base(binding, binding.AllocateOutput(layer.Output), binding.Workspace.Allocate(layer.Output, layer.GradientHalo), layer._bias,
                layer._relu)
        {
            _layer = layer;
            ConvolutionSpec spec = layer._spec;
            _workspace = binding.Workspace;
            _linear = layer.ImagesAreColumns && binding.Input.Halo == 0 && Output.Halo == 0 && OutputGradient.Halo == 0
                && (binding.InputGradient?.Halo ?? 0) == 0;
            _input = binding.Input;
            Tensor gradOutput = _linear ? OutputGradient.ImagesAsRow() : OutputGradient;
            _forward = ForwardTo(Output);
            _weightGradient = new WeightGradientSweep(
                _linear ? _input.ImagesAsRow() : _input, gradOutput, spec.KernelSize, spec.Stride, spec.Padding, _linear);
            if (binding.InputGradient is { } inputGradient)
            {
                BindInputGradient(binding.Workspace, gradOutput, _linear ? inputGradient.ImagesAsRow() : inputGradient, _linear);
            }
        }

        protected override void BindFused(Tensor output) => _fused = ForwardTo(output);

        protected override void Convolve(in Pass pass, float* addend, Epilogue epilogue, bool fused) =>
            Kernels.Run(new Convolve(fused ? _fused! : _forward, pass.Parameters + _layer._weight.Offset, addend, epilogue, pass.Images));

        protected override void WeightGradient(in Pass pass) =>
            Kernels.Run(new WeightGradient(_weightGradient, pass.Gradients + _layer._weight.Offset, pass.Images));

        protected override void InputGradient(in Pass pass)
        {
            foreach ((ConvolutionSweep sweep, int offset) in _inputGradient)
            {
                Kernels.Run(new Convolve(sweep, pass.Transposed + offset, null, default, pass.Images));
            }
        }

        private ConvolutionSweep ForwardTo(Tensor output)
        {
            ConvolutionSpec spec = _layer._spec;
            bool linear = _linear && output.Halo == 0;
            Tensor source = linear ? _input.ImagesAsRow() : _input;
            Tensor destination = linear ? output.ImagesAsRow() : output;
            return new ConvolutionSweep(_workspace, source, destination, spec.KernelSize, spec.KernelSize)
            {
                Rows = destination.Shape.Height,
                Columns = destination.Shape.Width,
                SourceStep = spec.Stride,
                SourceRow = -spec.Padding,
                SourceColumn = -spec.Padding,
                ImagesAreColumns = linear,
            };
        }

        private void BindInputGradient(Workspace workspace, Tensor gradOutput, Tensor gradInput, bool linear)
        {
            int offset = _layer._transposed;
            foreach (InputPhase rows in _layer._rowPhases)
            {
                foreach (InputPhase columns in _layer._columnPhases)
                {
                    var sweep = new ConvolutionSweep(workspace, gradOutput, gradInput, rows.Taps, columns.Taps)
                    {
                        Rows = rows.Count,
                        Columns = columns.Count,
                        SourceRow = rows.Source,
                        SourceColumn = columns.Source,
                        DestinationStep = _layer._spec.Stride,
                        DestinationRow = rows.First,
                        DestinationColumn = columns.First,
                        ImagesAreColumns = linear,
                    };
                    _inputGradient.Add((sweep, offset));
                    offset += (int)sweep.FilterBlockLength * gradInput.Blocks;
                }
            }
        }
    }
}
