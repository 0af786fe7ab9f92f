namespace Inkling.Engine;

/// <summary>
/// Nesterov momentum whose steps are made orthogonal: v ← μ·v + g; w ← w − η·λ·w − η·ρ·√max(1, OC/(IC·K²))·O, where O is near the
/// orthogonal factor U·Vᵀ of g + μ·v = U·Σ·Vᵀ, the filter taken as a matrix [OC, IC·K²]. So no direction of a filter learns faster than
/// another.
/// </summary>
/// <remarks>
/// For filters [OC, IC, K, K] that don't read the image; everything else takes <see cref="Sgd"/>'s Nesterov steps. Five Newton–Schulz steps
/// with the published coefficients leave singular values of 0.7 to 1.2, except those below a thousandth of the matrix's norm. A filter
/// whose g + μ·v has a norm below 10⁻⁹ stays where it is. Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural
/// networks".
/// </remarks>
public sealed unsafe class Muon : Optimizer
{
    private const int Iterations = 5;
    private const double Constant = 3.4445, Linear = -4.7750, Quadratic = 2.0315;

    /// <summary>Square of the least norm: the fourth powers of less can't be told from 0 in single precision.</summary>
    private const double LeastSquare = 1e-18;

    private readonly float _momentum;
    private readonly float _weightDecay;
    private readonly float _filterRate;
    private readonly (Filter Filter, int Block)[] _items;
    private readonly FloatBuffer _directions;
    private readonly FloatBuffer _orthogonal;
    private readonly FloatBuffer _gram;
    private readonly FloatBuffer _half;
    private readonly Action<int, int> _makeGram;
    private readonly Action<int, int> _makePolynomial;
    private readonly Action<int, int> _multiply;
    private readonly Action<int, int> _makeNextGram;
    private readonly Action<int, int> _move;
    private FloatBuffer _polynomial;
    private FloatBuffer _factor;
    private FloatBuffer _nextFactor;

    // The step in progress.
    private KernelSet _kernels = null!;
    private float* _parameters;
    private float _learningRate;
    private int _iteration;

    /// <summary>Allocates what is remembered, and room to compute in.</summary>
    /// <param name="network">Whose parameters it moves.</param>
    /// <param name="momentum">μ in [0, 1).</param>
    /// <param name="weightDecay">λ, decoupled; on filters and matrices.</param>
    /// <param name="filterRate">ρ, the rate of orthogonal steps as a multiple of the learning rate.</param>
    public Muon(Network network, float momentum, float weightDecay, float filterRate)
        : base(network, stateBuffers: 1)
    {
        (_momentum, _weightDecay, _filterRate) = (momentum, weightDecay, filterRate);
        var filters = new List<Filter>();
        int squares = 0;
        foreach (Parameter parameter in network.Parameters.Where(IsOrthogonalized))
        {
            var filter = new Filter(parameter, squares);
            filters.Add(filter);
            squares += filter.Blocks * filter.Blocks * Tensor.BlockLanes * Tensor.BlockLanes;
        }

        // Large ones first: what is left at the end is small, and no thread waits for long.
        _items = [.. filters.OrderByDescending(filter => filter.Blocks * filter.Length).SelectMany(
            filter => Enumerable.Range(0, filter.Blocks).Select(block => (filter, block)))];
        _directions = new FloatBuffer(network.ParameterLength);
        _orthogonal = new FloatBuffer(network.ParameterLength);
        (_gram, _polynomial, _half) = (new FloatBuffer(squares), new FloatBuffer(squares), new FloatBuffer(squares));
        (_factor, _nextFactor) = (new FloatBuffer(squares), new FloatBuffer(squares));
        (_makeGram, _makePolynomial, _multiply, _makeNextGram, _move) = (MakeGram, MakePolynomial, Multiply, MakeNextGram, Move);
    }

    private protected override void Free()
    {
        base.Free();
        Array.ForEach([_directions, _orthogonal, _gram, _polynomial, _half, _factor, _nextFactor], buffer => buffer.Dispose());
    }

    internal override void Finish(Action<int, Action<int, int>> run, KernelSet kernels, double learningRate, float* parameters)
    {
        (_kernels, _learningRate) = (kernels, (float)learningRate);
        _parameters = parameters;
        run(_items.Length, _makeGram);
        for (_iteration = 0; _iteration < Iterations; _iteration++)
        {
            run(_items.Length, _makePolynomial);
            run(_items.Length, _multiply);
            if (!IsLast)
            {
                run(_items.Length, _makeNextGram);
            }

            if (IsFirst)
            {
                (_factor, _polynomial) = (_polynomial, _factor);
            }
            else
            {
                (_factor, _nextFactor) = (_nextFactor, _factor);
            }
        }

        run(_items.Length, _move);
    }

    private protected override void Update(
        KernelSet kernels, int step, float learningRate, Parameter parameter, float* parameters, float* gradients, nint start, nint end)
    {
        if (IsOrthogonalized(parameter))
        {
            kernels.Run(new MomentumUpdate(gradients, State[0].Data, _directions.Data, start, end, _momentum));
        }
        else
        {
            float decay = parameter.Decays ? _weightDecay : 0;
            kernels.Run(new SgdUpdate(
                parameters, gradients, State[0].Data, start, end, learningRate, _momentum, nesterov: true, decay));
        }
    }

    private static bool IsOrthogonalized(Parameter parameter) =>
        parameter is { Dimensions.Count: 4, Packing.InputLanes: Tensor.BlockLanes };

    private bool IsFirst => _iteration == 0;

    private bool IsLast => _iteration == Iterations - 1;

    /// <summary>G = X·Xᵀ.</summary>
    private void MakeGram(int worker, int item)
    {
        (Filter filter, int block) = _items[item];
        float* x = _directions.Data + filter.Offset;
        _kernels.Run(new NewtonSchulzProduct(x, x, filter.Blocks, filter.Length, block, _gram.Data + filter.Square));
    }

    /// <summary>P = a·I + b·G + c·G².</summary>
    private void MakePolynomial(int worker, int item)
    {
        (Filter filter, int block) = _items[item];
        float* gram = _gram.Data + filter.Square;
        NewtonSchulzCoefficients coefficients = IsFirst ? NormalizingCoefficients(gram, filter.Blocks) : Coefficients(1);
        _kernels.Run(new NewtonSchulzPolynomial(gram, filter.Blocks, block, coefficients, _polynomial.Data + filter.Square));
    }

    /// <summary>What P has to be multiplied with: F ← P·F, and half of the next G, H = P·G. The first F is P itself.</summary>
    private void Multiply(int worker, int item)
    {
        if (!IsFirst)
        {
            Multiply(_polynomial, _factor, item, _nextFactor);
        }

        if (!IsLast)
        {
            Multiply(_polynomial, _gram, item, _half);
        }
    }

    /// <summary>G ← H·P.</summary>
    private void MakeNextGram(int worker, int item) => Multiply(_half, _polynomial, item, _gram);

    private void Multiply(FloatBuffer a, FloatBuffer b, int item, FloatBuffer product)
    {
        (Filter filter, int block) = _items[item];
        int rows = filter.Blocks * Tensor.BlockLanes;
        _kernels.Run(new NewtonSchulzProduct(
            a.Data + filter.Square, b.Data + filter.Square, filter.Blocks, rows, block, product.Data + filter.Square));
    }

    /// <summary>O = F·X, and the weights' step along it.</summary>
    private void Move(int worker, int item)
    {
        (Filter filter, int block) = _items[item];
        float* x = _directions.Data + filter.Offset;
        float* orthogonal = _orthogonal.Data + filter.Offset;
        _kernels.Run(new NewtonSchulzApply(_factor.Data + filter.Square, x, filter.Blocks, filter.Length, block, orthogonal));
        int length = filter.Length * Tensor.BlockLanes;
        int start = filter.Offset + block * length;
        float rate = _learningRate * _filterRate * filter.Scale;
        _kernels.Run(new DirectionStep(
            _parameters, _orthogonal.Data, start, start + length, rate, keep: 1 - _learningRate * _weightDecay));
    }

    /// <summary>
    /// The first step's coefficients, for X divided by its Frobenius norm: its square is the sum of G's diagonal, so that nobody has to
    /// divide X.
    /// </summary>
    private static NewtonSchulzCoefficients NormalizingCoefficients(float* gram, int blocks)
    {
        double square = 0;
        for (int channel = 0; channel < blocks * Tensor.BlockLanes; channel++)
        {
            (int block, int lane) = Math.DivRem(channel, Tensor.BlockLanes);
            square += gram[(block * blocks * Tensor.BlockLanes + channel) * Tensor.BlockLanes + lane];
        }

        return square < LeastSquare ? default : Coefficients(1 / square);
    }

    /// <param name="scale">Square of the factor on X.</param>
    private static NewtonSchulzCoefficients Coefficients(double scale)
    {
        double root = Math.Sqrt(scale);
        return new((float)(root * Constant), (float)(root * scale * Linear), (float)(root * scale * scale * Quadratic));
    }

    /// <summary>A filter as a matrix of one row for each output channel.</summary>
    /// <param name="parameter">The filter.</param>
    /// <param name="square">Where its square matrices begin among all.</param>
    private sealed class Filter(Parameter parameter, int square)
    {
        internal int Offset { get; } = parameter.Offset;

        internal int Square { get; } = square;

        /// <summary>Blocks of output channels.</summary>
        internal int Blocks { get; } = parameter.Packing!.OutBlocks;

        /// <summary>Values of an output channel, those of absent input channels included.</summary>
        internal int Length { get; } = parameter.Length / (parameter.Packing!.OutBlocks * Tensor.BlockLanes);

        /// <summary>√max(1, OC/(IC·K²)): a matrix with more rows than columns has fewer directions, each of which moves more.</summary>
        internal float Scale { get; } = (float)Math.Sqrt(
            Math.Max(1, (double)parameter.Dimensions[0] * parameter.Dimensions[0] / parameter.Count));
    }
}
