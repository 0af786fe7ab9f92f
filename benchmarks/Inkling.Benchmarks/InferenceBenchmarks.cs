using BenchmarkDotNet.Attributes;
using Inkling.Diagnostics;
using Inkling.Engine;

namespace Inkling.Benchmarks;

/// <summary>Probabilities of one image and of a batch, by network and threads.</summary>
[MemoryDiagnoser]
public class InferenceBenchmarks : IDisposable
{
    private const int Classes = 10;

    private WorkerTeam _team = null!;
    private NetworkWeights _weights = null!;
    private Predictor _predictor = null!;
    private NoiseImages _images = null!;
    private int[] _samples = [];
    private float[] _probabilities = [];

    [Params("basic", "bn", "resnet")]
    public string Network { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(1, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ReferenceNetwork reference = ReferenceNetwork.All.Single(network => network.Name == Network);
        var network = new Network(reference.Input, reference.Layers);
        _images = new NoiseImages(reference.Input, Batch);
        _samples = [.. Enumerable.Range(0, Batch)];
        _probabilities = new float[Batch * Classes];
        _team = new WorkerTeam(Threads);
        _weights = network.Initialize(seed: 1);
        _predictor = Batch == 1 ? new Predictor(_weights, _team, chunkSize: 1) : new Predictor(_weights, _team);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _predictor.Dispose();
        _weights.Dispose();
        _team.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public float[] Predict()
    {
        _predictor.Predict(_images, _samples, _probabilities);
        return _probabilities;
    }
}
