using System.Diagnostics;

namespace Inkling.Engine;

/// <summary>
/// Inference: logits and probabilities of any number of images. An image's result depends on nothing but the image and the
/// weights, not on which others are asked about together with it.
/// </summary>
/// <remarks>
/// Any number of threads may ask at once. They share weights and filters; each call in progress has activations of its own, which are kept
/// for later calls.
/// </remarks>
public sealed unsafe class Predictor : IDisposable
{
    /// <summary>Images that a thread takes at a time: few, so that activations stay in cache. Any number gives the same bits.</summary>
    private const int DefaultChunkSize = 4;

    private readonly NetworkWeights _weights;
    private readonly WorkerTeam _team;
    private readonly int _chunkSize;
    private readonly KernelSet _kernels;
    private readonly Lease _lease;
    private readonly FloatBuffer _filters;

    // A thread of the team runs one chunk at a time, whoever asks, so its activations stay with it; a caller's belong to the request.
    private readonly ChunkWorker[] _teamWorkers;
    private readonly Stack<Request> _idle = new();
    private readonly Lock _idleLock = new();

    // For requests of one chunk: all threads work on it together, where that is quicker than one.
    private readonly QuickerWay _together = new();
    private readonly ChunkWorker? _splitWorker;
    private int _splitIsTaken;

    /// <summary>
    /// Allocates activations for each of the team's threads, and transforms filters: weights are to stay as they are now.
    /// </summary>
    public Predictor(NetworkWeights weights, WorkerTeam team, int chunkSize = DefaultChunkSize)
        : this(weights, team, SimdSupport.Best, chunkSize)
    {
    }

    internal Predictor(
        NetworkWeights weights, WorkerTeam team, Simd simd, int chunkSize = DefaultChunkSize, long leastSharedWork = TeamExecutor.LeastWork)
    {
        using Lease.Call weightsCall = weights.Lease.Enter();
        _lease = new Lease(this);
        _weights = weights;
        _team = team;
        _chunkSize = chunkSize;
        _kernels = KernelSet.For(simd);
        _teamWorkers = [.. Enumerable.Range(1, team.Size - 1).Select(_ => NewWorker())];
        _idle.Push(new Request(this));
        if (team.Size > 1)
        {
            _splitWorker = NewWorker(_kernels.RunBy(new TeamExecutor(team, leastSharedWork)));
        }

        _filters = new FloatBuffer(weights.Network.TransformedLength);
        weights.Network.TransformFilters(_kernels, weights.Parameters.Data, _filters.Data, WorkPart.Whole);
    }

    /// <summary>Probabilities of each class.</summary>
    /// <param name="source">Images.</param>
    /// <param name="samples">Which of them, N.</param>
    /// <param name="probabilities">[N, K], overwritten.</param>
    public void Predict(IImageSource source, ReadOnlyMemory<int> samples, Memory<float> probabilities) =>
        Predict(source, samples, probabilities, default);

    /// <summary>Probabilities and raw scores of each class.</summary>
    /// <param name="source">Images.</param>
    /// <param name="samples">Which of them, N.</param>
    /// <param name="probabilities">[N, K], overwritten.</param>
    /// <param name="logits">[N, K], overwritten; or empty.</param>
    /// <exception cref="ObjectDisposedException">The predictor, the weights or the team are disposed of.</exception>
    public void Predict(IImageSource source, ReadOnlyMemory<int> samples, Memory<float> probabilities, Memory<float> logits)
    {
        using Lease.Call call = _lease.Enter();
        using Lease.Call weightsCall = _weights.Lease.Enter();
        using Lease.Call teamCall = _team.Enter();
        if (probabilities.Length != samples.Length * _weights.Network.Classes)
        {
            throw new ShapeMismatchException(
                "predict", $"room for {samples.Length} × {_weights.Network.Classes} probabilities", $"{probabilities.Length}");
        }

        Request request = Rent();
        try
        {
            request.Begin(source, samples, probabilities, logits);
            Answer(request, (samples.Length + _chunkSize - 1) / _chunkSize);
        }
        finally
        {
            request.End();
            Return(request);
        }
    }

    /// <summary>Waits for calls in progress and frees the memory; weights and team stay.</summary>
    /// <exception cref="InvalidOperationException">It was called from inside such a call.</exception>
    public void Dispose()
    {
        if (!_lease.Close())
        {
            return;
        }

        foreach (IDisposable memory in (IDisposable[])[.. _teamWorkers, .. _idle])
        {
            memory.Dispose();
        }

        _splitWorker?.Dispose();
        _filters.Dispose();
    }

    /// <summary>Index of the largest logit; of equal ones the first.</summary>
    internal static int Largest(Tensor logits, int image)
    {
        int best = 0;
        for (int k = 1; k < logits.Shape.Channels; k++)
        {
            best = logits[image, k, 0, 0] > logits[image, best, 0, 0] ? k : best;
        }

        return best;
    }

    private ChunkWorker NewWorker() => NewWorker(_kernels);

    private ChunkWorker NewWorker(KernelSet kernels) => new(_weights.Network, _chunkSize, kernels, training: false);

    /// <summary>One that an earlier call has left, or a new one: there are as many as there were ever calls at once.</summary>
    private Request Rent()
    {
        lock (_idleLock)
        {
            if (_idle.TryPop(out Request? request))
            {
                return request;
            }
        }

        return new Request(this);
    }

    private void Return(Request request)
    {
        lock (_idleLock)
        {
            _idle.Push(request);
        }
    }

    private void Answer(Request request, int chunks)
    {
        // The activations of all threads together serve one call at a time; who finds them taken works alone instead of waiting.
        if (chunks != 1 || _splitWorker is null || Interlocked.Exchange(ref _splitIsTaken, 1) != 0)
        {
            _team.RunEntered(chunks, request.RunChunk);
            return;
        }

        try
        {
            AnswerTheQuickerWay(request, _splitWorker);
        }
        finally
        {
            Volatile.Write(ref _splitIsTaken, 0);
        }
    }

    private void AnswerTheQuickerWay(Request request, ChunkWorker splitWorker)
    {
        int way = _together.Choose();
        long start = Stopwatch.GetTimestamp();
        request.Answer(way == 0 ? splitWorker : request.Worker, chunk: 0);
        _together.Took(way, Stopwatch.GetTimestamp() - start);
    }

    /// <summary>What a call in progress was asked, and its own thread's activations.</summary>
    private sealed class Request : IDisposable
    {
        private readonly Predictor _predictor;
        private IImageSource _source = null!;
        private ReadOnlyMemory<int> _samples;
        private Memory<float> _probabilities;
        private Memory<float> _logits;

        internal Request(Predictor predictor)
        {
            _predictor = predictor;
            Worker = predictor.NewWorker();
            RunChunk = (worker, chunk) => Answer(worker == 0 ? Worker : predictor._teamWorkers[worker - 1], chunk);
        }

        internal ChunkWorker Worker { get; }

        /// <summary>Called with (worker, chunk); kept, so that a call makes no garbage.</summary>
        internal Action<int, int> RunChunk { get; }

        internal void Begin(IImageSource source, ReadOnlyMemory<int> samples, Memory<float> probabilities, Memory<float> logits) =>
            (_source, _samples, _probabilities, _logits) = (source, samples, probabilities, logits);

        /// <summary>Lets go of the caller's memory.</summary>
        internal void End() => Begin(null!, default, default, default);

        internal void Answer(ChunkWorker worker, int chunk)
        {
            int start = chunk * _predictor._chunkSize;
            int count = Math.Min(_predictor._chunkSize, _samples.Length - start);
            worker.Load(_source, epoch: 0, _samples.Span.Slice(start, count));
            worker.Network.Layers.Forward(new Pass
            {
                Images = count,
                Training = false,
                Parameters = _predictor._weights.Parameters.Data,
                Filters = _predictor._filters.Data,
                Buffers = _predictor._weights.Buffers.Data,
            });
            Write(worker.Network.Logits, start, count);
        }

        public void Dispose() => Worker.Dispose();

        private void Write(Tensor logits, int start, int count)
        {
            int classes = logits.Shape.Channels;
            for (int image = 0; image < count; image++)
            {
                int place = (start + image) * classes;
                SoftmaxCrossEntropy.Probabilities(logits, image, _probabilities.Span.Slice(place, classes));
                for (int k = 0; k < classes && !_logits.IsEmpty; k++)
                {
                    _logits.Span[place + k] = logits[image, k, 0, 0];
                }
            }
        }
    }
}
