using System.Diagnostics;

namespace Inkling.Engine;

/// <summary>Where the time of a training step goes, kernel by kernel, on one thread.</summary>
public static unsafe class KernelProfile
{
    /// <summary>Profiles forward and backward passes of one chunk.</summary>
    /// <param name="network">The network.</param>
    /// <param name="chunkSize">Images in the chunk.</param>
    /// <param name="source">Images.</param>
    /// <param name="duration">How long to measure, after as long a warm-up.</param>
    public static IReadOnlyList<KernelTime> Measure(Network network, int chunkSize, IImageSource source, TimeSpan duration)
    {
        var timer = new KernelTimer();
        KernelSet kernels = KernelSet.For(SimdSupport.Best).RunBy(timer);
        using NetworkWeights weights = network.Initialize(seed: 1);
        using var worker = new ChunkWorker(network, chunkSize, kernels);
        using var filters = new FloatBuffer(network.TransformedLength);
        using var transposed = new FloatBuffer(network.TransposedLength);
        using var gradients = new FloatBuffer(network.ParameterLength);
        using var statistics = new FloatBuffer(network.BufferLength);
        network.TransformFilters(kernels, weights.Parameters.Data, filters.Data, WorkPart.Whole);
        network.TransposeFilters(kernels, weights.Parameters.Data, transposed.Data, WorkPart.Whole);
        worker.Load(source, epoch: 0, Enumerable.Range(0, chunkSize).ToArray());
        worker.LoadTargets(source, epoch: 0);
        var loss = new SoftmaxCrossEntropy(0);
        var pass = new Pass
        {
            Images = chunkSize,
            Training = true,
            Parameters = weights.Parameters.Data,
            Filters = filters.Data,
            Transposed = transposed.Data,
            Gradients = gradients.Data,
            Buffers = weights.Buffers.Data,
            Statistics = statistics.Data,
            Samples = worker.Samples,
        };

        int chunks = 0;
        foreach (bool counts in (bool[])[false, true])
        {
            timer.Clear();
            chunks = 0;
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < duration; chunks++)
            {
                worker.Network.Layers.Forward(pass);
                loss.Backward(worker.Network.Logits, worker.Targets, chunkSize, worker.Network.LogitsGradient);
                worker.Network.Layers.Backward(pass);
            }
        }

        return timer.Times(chunks * chunkSize);
    }
}

/// <summary>One kernel at one place of a network.</summary>
/// <param name="Name">Kernel and shapes.</param>
/// <param name="MicrosecondsPerImage">Mean over the profile.</param>
/// <param name="Gflops">10⁹ floating-point operations a second; null where operations aren't counted.</param>
public sealed record KernelTime(string Name, double MicrosecondsPerImage, double? Gflops);
