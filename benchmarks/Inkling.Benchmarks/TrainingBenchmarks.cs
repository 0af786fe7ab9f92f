using BenchmarkDotNet.Attributes;
using Inkling.Diagnostics;
using Inkling.Engine;

namespace Inkling.Benchmarks;

/// <summary>One training step of 64 images, by network, threads and registers.</summary>
public class TrainingBenchmarks : IDisposable
{
    internal const int BatchSize = 64;

    private readonly int[] _samples = [.. Enumerable.Range(0, BatchSize)];
    private WorkerTeam _team = null!;
    private NetworkWeights _weights = null!;
    private Sgd _optimizer = null!;
    private Trainer _trainer = null!;
    private NoiseImages _images = null!;

    [Params("basic", "bn", "resnet")]
    public string Network { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(Simd.Vector256, Simd.Vector512)]
    public Simd Registers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ReferenceNetwork reference = ReferenceNetwork.All.Single(network => network.Name == Network);
        var network = new Network(reference.Input, reference.Layers);
        _images = new NoiseImages(reference.Input, BatchSize);
        _team = new WorkerTeam(Threads);
        _weights = network.Initialize(seed: 1);
        _optimizer = new Sgd(network, momentum: 0.9f, nesterov: true, weightDecay: 0);
        _trainer = new Trainer(_weights, _optimizer, _team, new TrainerOptions
        {
            BatchSize = BatchSize,
            ChunkSize = reference.ChunkSize,
            Seed = 1,
            Loss = new SoftmaxCrossEntropy(0),
            Simd = Registers,
        });
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _trainer.Dispose();
        _optimizer.Dispose();
        _weights.Dispose();
        _team.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = BatchSize)]
    public StepResult Step() => _trainer.Step(_images, epoch: 0, _samples, learningRate: 0.01);
}
