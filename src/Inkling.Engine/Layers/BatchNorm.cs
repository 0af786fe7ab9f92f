namespace Inkling.Engine;

/// <summary>
/// Batch normalisation over a chunk, with the rectification and, in training, the maximum pooling that follow it fused in.
/// </summary>
/// <remarks>
/// Training uses the chunk's own statistics ("ghost" batch norm, Hoffer et al. 2017, arXiv:1705.08741) and leaves them for
/// the running ones, which are updated in chunk order after the step; inference uses the running ones.
/// </remarks>
internal sealed unsafe class BatchNorm(BatchNormSpec spec, Shape input, bool relu, ParameterAllocator allocator) : Layer(input, input)
{
    private readonly Parameter _weight = allocator.Vector(spec.Name + ".weight", input.Channels, new Initializer.Constant(1));
    private readonly Parameter _bias = allocator.Vector(spec.Name + ".bias", input.Channels, new Initializer.Constant(0));
    private readonly Parameter _mean = allocator.Buffer(spec.Name + ".running_mean", input.Channels, 0, spec.Momentum);
    private readonly Parameter _variance = allocator.Buffer(spec.Name + ".running_var", input.Channels, 1, spec.Momentum);

    internal override BoundLayer Bind(Binding binding) => new Bound(this, binding);

    internal sealed class Bound : BoundLayer
    {
        private readonly BatchNorm _layer;
        private readonly KernelSet _kernels;
        private readonly Tensor _input;
        private readonly Workspace _workspace;
        private readonly BatchNormConstants _constants;
        private FusedPool? _pool;
        private FusedPool? _poolBackward;

        internal Bound(BatchNorm layer, Binding binding)
            : base(binding.AllocateOutput(layer.Output), binding.InputGradientOr(layer.Output))
        {
            _layer = layer;
            _kernels = binding.Kernels;
            _input = binding.Input;
            _workspace = binding.Workspace;
            int lanes = binding.Input.Blocks * Tensor.BlockLanes;
            _constants = new BatchNormConstants(
                binding.Workspace.Allocate(lanes),
                binding.Workspace.Allocate(lanes),
                binding.Workspace.Allocate(lanes),
                binding.Workspace.Allocate(lanes));
        }

        /// <summary>The convolution before it writes the normalised output itself, in inference.</summary>
        internal bool IsFused { get; set; }

        private bool Relu => _layer.Relu;

        /// <summary>Hands every map to the pooling as it is made; in training, where nothing else reads the output.</summary>
        internal void Fuse(MaxPool.Bound pool)
        {
            Tensor map = Tensor.OneMap(
                _workspace.Allocate(Output.Shape.Height * Output.Shape.Width * Tensor.BlockLanes), Output.Shape, Output.Images);
            (_pool, _poolBackward) = pool.Fuse(map, OutputGradient);
        }

        internal override void Forward(in Pass pass)
        {
            if (pass.Training)
            {
                _kernels.Run(new BatchNormForwardTraining
                {
                    Input = _input,
                    Output = _pool?.Map ?? Output,
                    Images = pass.Images,
                    Constants = _constants,
                    Gamma = pass.Parameters + _layer._weight.Offset,
                    Beta = pass.Parameters + _layer._bias.Offset,
                    Epsilon = _layer.Epsilon,
                    Rectifies = Relu,
                    Pool = _pool,
                    Mean = pass.Statistics + _layer._mean.Offset,
                    Variance = pass.Statistics + _layer._variance.Offset,
                });
            }
            else if (!IsFused)
            {
                _kernels.Run(new BatchNormForwardInference(_input, Output, pass.Images, InferenceEpilogue(pass)));
            }
        }

        /// <summary>Normalisation with running statistics, and the rectification that follows.</summary>
        internal Epilogue InferenceEpilogue(in Pass pass)
        {
            _kernels.Run(new BatchNormInferenceConstants
            {
                Blocks = _input.Blocks,
                Constants = _constants,
                Gamma = pass.Parameters + _layer._weight.Offset,
                Beta = pass.Parameters + _layer._bias.Offset,
                Mean = pass.Buffers + _layer._mean.Offset,
                Variance = pass.Buffers + _layer._variance.Offset,
                Epsilon = _layer.Epsilon,
            });
            return new Epilogue(_constants.Scale, _constants.Shift, Relu);
        }

        internal override void Backward(in Pass pass) => _kernels.Run(new BatchNormBackward
        {
            Input = _input,
            Gradient = OutputGradient,
            Images = pass.Images,
            Constants = _constants,
            Rectifies = Relu,
            Pool = _poolBackward,
            GradGamma = pass.Gradients + _layer._weight.Offset,
            GradBeta = pass.Gradients + _layer._bias.Offset,
        });
    }

    private bool Relu { get; } = relu;

    private float Epsilon { get; } = spec.Epsilon;
}
