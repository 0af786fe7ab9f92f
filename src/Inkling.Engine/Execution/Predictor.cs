using System.Diagnostics;

namespace Inkling.Engine;

/// <summary>
/// Inference: logits and probabilities of any number of images. An image's result depends on nothing but the image and the
/// weights, not on which others are asked about together with it.
/// </summary>
public sealed unsafe class Predictor : IDisposable
{
    /// <summary>Images that a thread takes at a time: few, so that activations stay in cache. Any number gives the same bits.</summary>
    private const int DefaultChunkSize = 4;

    private readonly NetworkWeights _weights;
    private readonly WorkerTeam _team;
    private readonly int _chunkSize;
    private readonly ChunkWorker[] _workers;
    private readonly FloatBuffer _filters;

    // For requests of one chunk: all threads work on it together, where that is quicker than one.
    private readonly QuickerWay _together = new();
    private readonly SplitKernelSet? _splitKernels;
    private readonly ChunkWorker? _splitWorker;
    private readonly Action<int, int> _runChunk;

    // The request in progress.
    private IImageSource _source = null!;
    private ReadOnlyMemory<int> _samples;
    private Memory<float> _probabilities;
    private Memory<float> _logits;

    /// <summary>Allocates activations for each thread, and transforms filters: weights are to stay as they are now.</summary>
    public Predictor(NetworkWeights weights, WorkerTeam team, int chunkSize = DefaultChunkSize)
        : this(weights, team, SimdSupport.Best, chunkSize)
    {
    }

    internal Predictor(
        NetworkWeights weights, WorkerTeam team, Simd simd, int chunkSize = DefaultChunkSize, long leastSharedWork = SplitKernelSet.LeastWork)
    {
        _weights = weights;
        _team = team;
        _chunkSize = chunkSize;
        KernelSet kernels = KernelSet.For(simd);
        _workers = [.. Enumerable.Range(0, team.Size).Select(_ => new ChunkWorker(weights.Network, chunkSize, kernels))];
        if (team.Size > 1)
        {
            _splitKernels = new SplitKernelSet(kernels, team, chunkSize, leastSharedWork);
            _splitWorker = new ChunkWorker(weights.Network, chunkSize, _splitKernels);
        }

        _filters = new FloatBuffer(weights.Network.TransformedLength);
        weights.Network.TransformFilters(kernels, weights.Parameters.Data, _filters.Data, Share.Whole);
        _runChunk = (worker, chunk) => RunChunk(_workers[worker], chunk);
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
    public void Predict(IImageSource source, ReadOnlyMemory<int> samples, Memory<float> probabilities, Memory<float> logits)
    {
        if (probabilities.Length != samples.Length * _weights.Network.Classes)
        {
            throw new ShapeMismatchException(
                "predict", $"room for {samples.Length} × {_weights.Network.Classes} probabilities", $"{probabilities.Length}");
        }

        (_source, _samples, _probabilities, _logits) = (source, samples, probabilities, logits);
        int chunks = (samples.Length + _chunkSize - 1) / _chunkSize;
        if (chunks == 1 && _splitWorker is not null)
        {
            int way = _together.Choose();
            long start = Stopwatch.GetTimestamp();
            RunChunk(way == 0 ? _splitWorker : _workers[0], 0);
            _together.Took(way, Stopwatch.GetTimestamp() - start);
        }
        else
        {
            _team.Run(chunks, _runChunk);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ChunkWorker worker in _workers)
        {
            worker.Dispose();
        }

        _splitWorker?.Dispose();
        _splitKernels?.Dispose();
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

    private void RunChunk(ChunkWorker worker, int chunk)
    {
        int start = chunk * _chunkSize;
        int count = Math.Min(_chunkSize, _samples.Length - start);
        worker.Load(_source, epoch: 0, _samples.Span.Slice(start, count));
        worker.Network.Layers.Forward(new Pass
        {
            Images = count,
            Training = false,
            Parameters = _weights.Parameters.Data,
            Filters = _filters.Data,
            Buffers = _weights.Buffers.Data,
        });

        int classes = _weights.Network.Classes;
        for (int image = 0; image < count; image++)
        {
            SoftmaxCrossEntropy.Probabilities(
                worker.Network.Logits, image, _probabilities.Span.Slice((start + image) * classes, classes));
            for (int k = 0; k < classes && !_logits.IsEmpty; k++)
            {
                _logits.Span[(start + image) * classes + k] = worker.Network.Logits[image, k, 0, 0];
            }
        }
    }
}
