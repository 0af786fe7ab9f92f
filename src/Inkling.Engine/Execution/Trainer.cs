namespace Inkling.Engine;

/// <summary>
/// Takes training steps. A batch is cut into chunks; a chunk goes forward and backward through the whole network on one
/// thread while its activations are in cache, and leaves its gradient in a place of its own. Gradients are then summed
/// in chunk order, element by element, so that neither the number of threads nor their timing can change a bit.
/// </summary>
/// <remarks>It has one owner: a call beside another in progress throws at once.</remarks>
public sealed unsafe class Trainer : IDisposable
{
    /// <summary>Parameters that one thread updates at a time; any value gives the same bits.</summary>
    private const int UpdateLength = 16384;

    private readonly Network _network;
    private readonly WorkerTeam _team;
    private readonly KernelSet _kernels;
    private readonly Optimizer _optimizer;
    private readonly TrainerOptions _options;
    private readonly Lease _lease;
    private readonly ChunkWorker[] _workers;
    private readonly FloatBuffer _filters;
    private readonly FloatBuffer _transposed;
    private readonly FloatBuffer[] _sums;
    private readonly FloatBuffer[] _chunkGradients;
    private readonly FloatBuffer[] _chunkStatistics;
    private readonly FloatBuffer _gradientTable;
    private readonly double[] _chunkLosses;
    private readonly int[] _chunkCorrect;
    private readonly Action<int, Action<int, int>> _runItems;
    private readonly Action<int, int> _prepareFilters;
    private readonly Action<int, int> _runChunk;
    private readonly Action<int, int> _update;
    private readonly Action<int, int> _moveAverage;
    private readonly Action<int, int> _measureChunk;

    // The step in progress.
    private IImageSource _source = null!;
    private int _epoch;
    private ReadOnlyMemory<int> _samples;
    private double _learningRate;
    private NetworkWeights? _average;
    private float _averageWeight;
    private NetworkWeights _measured;

    /// <summary>Allocates all memory of a run.</summary>
    /// <param name="weights">Changed by every step.</param>
    /// <param name="optimizer">For the same network.</param>
    /// <param name="team">Threads.</param>
    /// <param name="options">Sizes, seed and loss.</param>
    /// <exception cref="ShapeMismatchException">The batch is no whole number of chunks.</exception>
    public Trainer(NetworkWeights weights, Optimizer optimizer, WorkerTeam team, TrainerOptions options)
    {
        if (options.BatchSize % options.ChunkSize != 0)
        {
            throw new ShapeMismatchException(
                "trainer", $"a batch size that is a multiple of the chunk size, {options.ChunkSize}", $"{options.BatchSize}");
        }

        _network = weights.Network;
        Weights = weights;
        Steps = options.FirstStep;
        _optimizer = optimizer;
        _team = team;
        _options = options;
        _lease = new Lease(this);
        _kernels = KernelSet.For(options.Simd);
        int chunks = options.BatchSize / options.ChunkSize;
        _workers = [.. Enumerable.Range(0, team.Size).Select(_ => new ChunkWorker(_network, options.ChunkSize, _kernels))];
        _filters = new FloatBuffer(_network.TransformedLength);
        _transposed = new FloatBuffer(_network.TransposedLength);
        _sums = [.. Enumerable.Range(0, team.Size).Select(_ => new FloatBuffer(UpdateLength))];
        _chunkGradients = [.. Enumerable.Range(0, chunks).Select(_ => new FloatBuffer(_network.ParameterLength))];
        _chunkStatistics = [.. Enumerable.Range(0, chunks).Select(_ => new FloatBuffer(_network.BufferLength))];
        _gradientTable = new FloatBuffer(chunks * sizeof(float*) / sizeof(float));
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            ((float**)_gradientTable.Data)[chunk] = _chunkGradients[chunk].Data;
        }

        _chunkLosses = new double[chunks];
        _chunkCorrect = new int[chunks];
        _runItems = team.RunEntered;
        _prepareFilters = PrepareFilters;
        _runChunk = RunChunk;
        _update = Update;
        _moveAverage = MoveAverage;
        _measured = weights;
        _measureChunk = MeasureChunk;
    }

    /// <summary>The values being trained.</summary>
    public NetworkWeights Weights { get; }

    /// <summary>Steps taken so far, those before <see cref="TrainerOptions.FirstStep"/> included.</summary>
    public int Steps { get; private set; }

    /// <summary>The sum of the losses of each chunk's images in the last step, in order of the chunks.</summary>
    public ReadOnlySpan<double> ChunkLosses => _chunkLosses;

    /// <summary>One chunk's part of a gradient in the last step, in PyTorch's order.</summary>
    /// <param name="chunk">From 0.</param>
    /// <param name="parameter">One of the network's parameters.</param>
    /// <exception cref="InvalidOperationException">Another call is in progress.</exception>
    public float[] ChunkGradient(int chunk, Parameter parameter)
    {
        using Lease.Call call = _lease.EnterAlone();
        return parameter.Unpack(_chunkGradients[chunk].Span);
    }

    /// <summary>One step of training on one batch.</summary>
    /// <param name="source">Images and labels.</param>
    /// <param name="epoch">Epoch, the key of augmentation and dropout.</param>
    /// <param name="samples">Indices of the batch's images.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <exception cref="NonFiniteLossException">The loss is NaN or infinite; parameters are as before the step.</exception>
    public StepResult Step(IImageSource source, int epoch, ReadOnlyMemory<int> samples, double learningRate) =>
        Step(source, epoch, samples, learningRate, average: null, averageWeight: 0);

    /// <summary>One step of training on one batch, followed by one step of a moving average of the parameters.</summary>
    /// <param name="source">Images and labels.</param>
    /// <param name="epoch">Epoch, the key of augmentation and dropout.</param>
    /// <param name="samples">Indices of the batch's images.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="average">Average of the parameters (not of running statistics), moved towards them; null for none.</param>
    /// <param name="averageWeight">Share of the new parameters in the average.</param>
    /// <exception cref="NonFiniteLossException">The loss is NaN or infinite; parameters are as before the step.</exception>
    /// <exception cref="InvalidOperationException">Another call of this trainer, or a step of its optimizer, is in progress.</exception>
    public StepResult Step(
        IImageSource source, int epoch, ReadOnlyMemory<int> samples, double learningRate, NetworkWeights? average, double averageWeight)
    {
        using Lease.Call call = _lease.EnterAlone();
        using Lease.Call optimizerCall = _optimizer.Lease.EnterAlone();
        using Lease.Call weightsCall = Weights.Lease.Enter();
        using Lease.Call averageCall = average is null ? default : average.Lease.Enter();
        using Lease.Call teamCall = _team.Enter();
        if (samples.Length != _options.BatchSize)
        {
            throw new ShapeMismatchException("step", $"{_options.BatchSize} samples, the batch size", $"{samples.Length}");
        }

        (_source, _epoch, _samples, _learningRate) = (source, epoch, samples, learningRate);
        (_average, _averageWeight) = (average, (float)averageWeight);
        _team.RunEntered(_team.Size, _prepareFilters);
        _team.RunEntered(_chunkLosses.Length, _runChunk);

        double loss = 0;
        int correct = 0;
        for (int chunk = 0; chunk < _chunkLosses.Length; chunk++)
        {
            loss += _chunkLosses[chunk];
            correct += _chunkCorrect[chunk];
        }

        loss /= _options.BatchSize;
        if (!double.IsFinite(loss))
        {
            throw new NonFiniteLossException(Steps, epoch, loss, samples, FirstNonFinite());
        }

        int ranges = (_network.ParameterLength + UpdateLength - 1) / UpdateLength;
        _team.RunEntered(ranges, _update);
        _optimizer.Finish(_runItems, _kernels, learningRate, Weights.Parameters.Data);
        if (average is not null)
        {
            _team.RunEntered(ranges, _moveAverage);
        }

        UpdateRunningStatistics();
        Steps++;
        return new StepResult(loss, correct);
    }

    /// <summary>
    /// Replaces running statistics by the mean of fresh chunks' statistics: an average of weights has none of its own.
    /// </summary>
    /// <param name="weights">Whose statistics are measured; parameters stay.</param>
    /// <param name="source">Images.</param>
    /// <param name="epoch">Epoch, the key of augmentation and dropout.</param>
    /// <param name="samples">Indices of images; what doesn't fill a batch is left out.</param>
    /// <exception cref="InvalidOperationException">Another call of this trainer is in progress.</exception>
    public void EstimateStatistics(NetworkWeights weights, IImageSource source, int epoch, ReadOnlyMemory<int> samples)
    {
        using Lease.Call call = _lease.EnterAlone();
        using Lease.Call weightsCall = weights.Lease.Enter();
        using Lease.Call teamCall = _team.Enter();
        (_source, _epoch, _measured) = (source, epoch, weights);
        _network.TransformFilters(_kernels, weights.Parameters.Data, _filters.Data, WorkPart.Whole);
        int chunks = 0;
        for (int start = 0; start + _options.BatchSize <= samples.Length; start += _options.BatchSize)
        {
            _samples = samples.Slice(start, _options.BatchSize);
            _team.RunEntered(_chunkStatistics.Length, _measureChunk);
            foreach (FloatBuffer statistics in _chunkStatistics)
            {
                _kernels.Run(new AverageUpdate(statistics.Data, weights.Buffers.Data, 0, _network.BufferLength, 1f / ++chunks));
            }
        }
    }

    /// <summary>Waits for a step in progress and frees the memory; weights, optimizer and team stay.</summary>
    /// <exception cref="InvalidOperationException">It was called from inside the step.</exception>
    public void Dispose()
    {
        if (!_lease.Close())
        {
            return;
        }

        IDisposable[] owned =
        [
            .. _workers, .. _chunkGradients, .. _chunkStatistics, .. _sums, _filters, _transposed, _gradientTable,
        ];
        foreach (IDisposable memory in owned)
        {
            memory.Dispose();
        }
    }

    private void PrepareFilters(int worker, int item)
    {
        var part = new WorkPart(item, _team.Size);
        _network.TransformFilters(_kernels, Weights.Parameters.Data, _filters.Data, part);
        _network.TransposeFilters(_kernels, Weights.Parameters.Data, _transposed.Data, part);
    }

    private void RunChunk(int workerIndex, int chunk)
    {
        ChunkWorker worker = _workers[workerIndex];
        Pass pass = Forward(worker, chunk, Weights);
        worker.LoadTargets(_source, _epoch);
        _chunkLosses[chunk] = _options.Loss.Backward(
            worker.Network.Logits, worker.Targets, _options.BatchSize, worker.Network.LogitsGradient);
        _chunkCorrect[chunk] = CountCorrect(worker.Network.Logits, worker.Labels);
        worker.Network.Layers.Backward(pass);
    }

    private void MeasureChunk(int workerIndex, int chunk) => Forward(_workers[workerIndex], chunk, _measured);

    private Pass Forward(ChunkWorker worker, int chunk, NetworkWeights weights)
    {
        worker.Load(_source, _epoch, _samples.Span.Slice(chunk * _options.ChunkSize, _options.ChunkSize));
        var pass = new Pass
        {
            Images = _options.ChunkSize,
            Training = true,
            Parameters = weights.Parameters.Data,
            Filters = _filters.Data,
            Transposed = _transposed.Data,
            Gradients = _chunkGradients[chunk].Data,
            Buffers = weights.Buffers.Data,
            Statistics = _chunkStatistics[chunk].Data,
            Seed = _options.Seed,
            Epoch = _epoch,
            Samples = worker.Samples,
        };
        worker.Network.Layers.Forward(pass);
        return pass;
    }

    private void Update(int worker, int item)
    {
        (int start, int end) = Range(item);

        // The sum is used up at once: in a place of the thread's own it never leaves the cache.
        float* gradient = _sums[worker].Data - start;
        _kernels.Run(new GradientSum((float**)_gradientTable.Data, _chunkGradients.Length, gradient, start, end));
        _optimizer.Update(_kernels, Steps, _learningRate, Weights.Parameters.Data, gradient, start, end);
    }

    private void MoveAverage(int worker, int item)
    {
        (int start, int end) = Range(item);
        _kernels.Run(new AverageUpdate(Weights.Parameters.Data, _average!.Parameters.Data, start, end, _averageWeight));
    }

    private (int Start, int End) Range(int item) =>
        (item * UpdateLength, Math.Min((item + 1) * UpdateLength, _network.ParameterLength));

    private void UpdateRunningStatistics()
    {
        foreach (FloatBuffer statistics in _chunkStatistics)
        {
            foreach ((Parameter buffer, float momentum) in _network.RunningStatistics)
            {
                int end = buffer.Offset + buffer.Length;
                _kernels.Run(new AverageUpdate(statistics.Data, Weights.Buffers.Data, buffer.Offset, end, momentum));
            }
        }
    }

    /// <summary>Where the way from the images to the loss stops being finite.</summary>
    private string FirstNonFinite()
    {
        Tensor image = _workers[0].Network.Image;
        foreach (int sample in _samples.Span)
        {
            _source.Load(_epoch, sample, new ImageView(image, 0));
            for (int block = 0; block < image.Blocks; block++)
            {
                var pixels = new ReadOnlySpan<float>(image.At(block, 0, -image.Halo, -image.Halo), image.ImageStride);
                if (pixels.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
                {
                    return $"image {sample} as augmented";
                }
            }
        }

        return _network.Parameters.FirstOrDefault(parameter => Weights.Get(parameter).Any(value => !float.IsFinite(value)))?.Name
            ?? "the logits (every parameter is finite)";
    }

    private static int CountCorrect(Tensor logits, int[] labels)
    {
        int correct = 0;
        for (int image = 0; image < labels.Length; image++)
        {
            correct += Predictor.Largest(logits, image) == labels[image] ? 1 : 0;
        }

        return correct;
    }
}

/// <summary>Sizes and settings of a <see cref="Trainer"/>.</summary>
public sealed record TrainerOptions
{
    /// <summary>Images a step; a multiple of the chunk size.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Images whose batch statistics belong together; decides results.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>Key of all random numbers.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Loss function.</summary>
    public required SoftmaxCrossEntropy Loss { get; init; }

    /// <summary>Number of the first step: 0, or the steps already taken by a run that goes on.</summary>
    public int FirstStep { get; init; }

    /// <summary>Vector registers to use; decides speed, never results.</summary>
    public Simd Simd { get; init; } = SimdSupport.Best;
}

/// <summary>What a step found, before it moved the parameters.</summary>
/// <param name="Loss">Mean over the batch.</param>
/// <param name="Correct">Images whose largest logit is their label's.</param>
public readonly record struct StepResult(double Loss, int Correct);
