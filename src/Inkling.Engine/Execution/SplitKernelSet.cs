namespace Inkling.Engine;

/// <summary>
/// Another set's kernels with the work of each call shared out among a team, for when there are fewer images than threads.
/// Every thread computes outputs of its own, each as it would be computed alone, so that no bit depends on the division.
/// For inference: what only training needs stays on the calling thread.
/// </summary>
/// <remarks>Whoever calls a kernel has entered the team. Divisions are made when a place of the network is first met; afterwards nothing is allocated.</remarks>
internal sealed unsafe class SplitKernelSet : KernelSet, IDisposable
{
    /// <summary>
    /// Multiply-adds, for one image, from which a call is shared out: some two microseconds of one thread. Telling others and hearing that they
    /// are done takes one to five, depending on how near processors are to each other.
    /// </summary>
    internal const long LeastWork = 1 << 17;

    /// <summary>What a value counts in a pass that has no multiply-adds but reads and writes memory.</summary>
    private const int WorkOfValue = 4;

    /// <summary>With fewer tiles a thread, the threads divide the output channels and each transforms all windows.</summary>
    private const int MinTiles = 8;

    private readonly KernelSet _kernels;
    private readonly WorkerTeam _team;
    private readonly long _leastWork;
    private readonly Workspace[] _workspaces;
    private readonly Dictionary<(object Place, int Parts), Array> _divisions = [];
    private readonly Action<int, int> _convolve, _winograd, _normalize, _rectify, _add, _maximum;

    // The call in progress; whoever owns the set sees to it that there is only one.
    private ConvolutionSweep[] _convolutions = [];
    private WinogradSweep[] _tiles = [];
    private TensorPart[] _a = [], _b = [], _c = [];
    private PoolWindow _window;
    private Epilogue _epilogue;
    private float* _weights, _bias;
    private bool _relu;
    private int _images;

    /// <param name="kernels">What each thread runs.</param>
    /// <param name="team">Threads.</param>
    /// <param name="images">Images at most.</param>
    /// <param name="leastWork">Multiply-adds below which the calling thread does a call alone.</param>
    internal SplitKernelSet(KernelSet kernels, WorkerTeam team, int images, long leastWork)
    {
        _kernels = kernels;
        _team = team;
        _leastWork = leastWork;
        _workspaces = [.. Enumerable.Range(0, team.Size).Select(_ => new Workspace(images))];
        _convolve = (_, part) =>
        {
            ConvolutionSweep sweep = _convolutions[part];
            int lane = sweep.FirstBlock * Tensor.BlockLanes;
            _kernels.Convolve(sweep, _weights + sweep.FirstBlock * sweep.FilterBlockLength, _bias is null ? null : _bias + lane, _epilogue.From(sweep.FirstBlock), _images);
        };
        _winograd = (_, part) =>
        {
            WinogradSweep sweep = _tiles[part];
            int lane = sweep.FirstBlock * Tensor.BlockLanes;
            _kernels.WinogradConvolve(sweep, _weights + lane * sweep.Source.Blocks * Tensor.BlockLanes, _bias is null ? null : _bias + lane, _epilogue.From(sweep.FirstBlock), _images);
        };
        _normalize = (_, part) =>
            _kernels.BatchNormForwardInference(_a[part].Tensor, _b[part].Tensor, _images, _epilogue.From(_a[part].FirstBlock));
        _rectify = (_, part) => _kernels.Rectify(_a[part].Tensor, _b[part].Tensor, _images);
        _add = (_, part) => _kernels.Add(_a[part].Tensor, _b[part].Tensor, _c[part].Tensor, _images, _relu);
        _maximum = (_, part) => _kernels.MaxPoolInference(_a[part].Tensor, _b[part].Tensor, _window, _images);
    }

    internal override TileLimits Limits => _kernels.Limits;

    public void Dispose()
    {
        foreach (Workspace workspace in _workspaces)
        {
            workspace.Dispose();
        }
    }

    internal override void Convolve(ConvolutionSweep sweep, float* weights, float* bias, Epilogue epilogue, int images)
    {
        _convolutions = PartsOf(sweep);
        _weights = weights;
        _bias = bias;
        (_epilogue, _images) = (epilogue, images);
        Run(_convolutions.Length, _convolve);
    }

    internal override void WinogradConvolve(WinogradSweep sweep, float* filters, float* bias, Epilogue epilogue, int images)
    {
        _tiles = PartsOf(sweep);
        _weights = filters;
        _bias = bias;
        (_epilogue, _images) = (epilogue, images);
        Run(_tiles.Length, _winograd);
    }

    internal override void BatchNormForwardInference(Tensor x, Tensor y, int images, Epilogue epilogue)
    {
        (_a, _b, _epilogue, _images) = (PartsOf(x, x), PartsOf(y, x), epilogue, images);
        Run(_a.Length, _normalize);
    }

    internal override void BatchNormInferenceConstants(BatchNormConstants c, int blocks, float* gamma, float* beta, float* mean, float* variance, float epsilon) =>
        _kernels.BatchNormInferenceConstants(c, blocks, gamma, beta, mean, variance, epsilon);

    internal override void Rectify(Tensor x, Tensor y, int images)
    {
        (_a, _b, _images) = (PartsOf(x, x), PartsOf(y, x), images);
        Run(_a.Length, _rectify);
    }

    internal override void Add(Tensor a, Tensor b, Tensor destination, int images, bool relu)
    {
        (_a, _b, _c, _images, _relu) = (PartsOf(a, a), PartsOf(b, a), PartsOf(destination, a), images, relu);
        Run(_a.Length, _add);
    }

    internal override void MaxPoolForward(Tensor x, Tensor y, Tensor winners, PoolWindow window, int images) =>
        _kernels.MaxPoolForward(x, y, winners, window, images);

    internal override void MaxPoolInference(Tensor x, Tensor y, PoolWindow window, int images)
    {
        (_a, _b, _window, _images) = (PartsOf(x, x), PartsOf(y, x), window, images);
        Run(_a.Length, _maximum);
    }

    internal override void AveragePoolForward(Tensor x, Tensor y, PoolWindow window, int images) =>
        _kernels.AveragePoolForward(x, y, window, images);

    internal override void AveragePoolBackward(Tensor gradOutput, Tensor gradInput, PoolWindow window, int images) =>
        _kernels.AveragePoolBackward(gradOutput, gradInput, window, images);

    internal override void MaxPoolBackward(Tensor gradOutput, Tensor winners, Tensor gradInput, PoolWindow window, int images) =>
        _kernels.MaxPoolBackward(gradOutput, winners, gradInput, window, images);

    internal override void WeightGradient(WeightGradientSweep sweep, float* gradWeight, int images) =>
        _kernels.WeightGradient(sweep, gradWeight, images);

    internal override void WinogradFilters(float* filters, int rows, float* transformed, int position) =>
        _kernels.WinogradFilters(filters, rows, transformed, position);

    internal override void WinogradWeightGradient(WinogradSweep sweep, float* gradWeight, int images) =>
        _kernels.WinogradWeightGradient(sweep, gradWeight, images);

    internal override void BiasGradient(Tensor gradOutput, Tensor? rectified, float* gradBias, int images) =>
        _kernels.BiasGradient(gradOutput, rectified, gradBias, images);

    internal override void BatchNormForwardTraining(Tensor x, Tensor y, int images, in BatchNormConstants c, float* gamma, float* beta, float epsilon, bool relu, FusedPool? pool, float* mean, float* variance) =>
        _kernels.BatchNormForwardTraining(x, y, images, in c, gamma, beta, epsilon, relu, pool, mean, variance);

    internal override void BatchNormBackward(Tensor x, Tensor gradient, int images, in BatchNormConstants c, bool relu, FusedPool? pool, float* gradGamma, float* gradBeta) =>
        _kernels.BatchNormBackward(x, gradient, images, in c, relu, pool, gradGamma, gradBeta);

    internal override void WherePositive(Tensor condition, Tensor gradient, Tensor copy, int images) =>
        _kernels.WherePositive(condition, gradient, copy, images);

    internal override void Mask(Tensor mask, Tensor source, Tensor destination, int images) =>
        _kernels.Mask(mask, source, destination, images);

    internal override void Peak(float* memory, int length, int repetitions) => _kernels.Peak(memory, length, repetitions);

    private ConvolutionSweep[] PartsOf(ConvolutionSweep sweep)
    {
        int parts = PartsFor(sweep.MultiplyAdds);
        return Known<ConvolutionSweep>(sweep, parts) ?? Divide(sweep, parts);
    }

    private WinogradSweep[] PartsOf(WinogradSweep sweep)
    {
        int parts = PartsFor(sweep.MultiplyAdds);
        return Known<WinogradSweep>(sweep, parts) ?? Divide(sweep, parts);
    }

    /// <summary>Blocks of a tensor, in as many parts as the call's input is worth.</summary>
    private TensorPart[] PartsOf(Tensor tensor, Tensor input)
    {
        int parts = PartsFor((long)WorkOfValue * input.Blocks * input.ImageStride);
        return Known<TensorPart>(tensor, parts) ?? Divide(tensor, parts);
    }

    private int PartsFor(long work) => work < _leastWork ? 1 : _team.Size;

    private T[]? Known<T>(object place, int parts) => _divisions.TryGetValue((place, parts), out Array? known) ? (T[])known : null;

    private ConvolutionSweep[] Divide(ConvolutionSweep sweep, int parts) => Remember(sweep, parts, part => sweep.Rows >= parts
        ? sweep.RowRange(sweep.Rows * part / parts, sweep.Rows * (part + 1) / parts)
        : sweep.BlockRange(PartOf(sweep.Destination, part, parts)));

    private WinogradSweep[] Divide(WinogradSweep sweep, int parts) => Remember(sweep, parts, part => sweep.TilesPerImage >= MinTiles * parts
        ? sweep.TileRange(_workspaces[part], part, parts)
        : sweep.BlockRange(_workspaces[part], PartOf(sweep.Destination, part, parts)));

    private TensorPart[] Divide(Tensor tensor, int parts) => Remember(tensor, parts, part => PartOf(tensor, part, parts));

    private static TensorPart PartOf(Tensor tensor, int part, int parts) =>
        tensor.BlockRange(tensor.Blocks * part / parts, tensor.Blocks * (part + 1) / parts);

    private T[] Remember<T>(object place, int parts, Func<int, T> part)
    {
        T[] divided = [.. Enumerable.Range(0, parts).Select(part)];
        _divisions.Add((place, parts), divided);
        return divided;
    }

    private void Run(int parts, Action<int, int> work)
    {
        if (parts == 1)
        {
            work(0, 0);
        }
        else
        {
            _team.RunEntered(parts, work);
        }
    }
}
