using System.Buffers.Binary;
using System.Security.Cryptography;
using Inkling.Engine;
using Inkling.Packages;

namespace Inkling.Diagnostics;

/// <summary>One thing computed on this machine, and the golden value that every machine has to give.</summary>
/// <param name="Name">What was computed, and how.</param>
/// <param name="Expected">Golden SHA-256.</param>
/// <param name="Actual">This machine's.</param>
public sealed record MachineCheck(string Name, string Expected, string Actual)
{
    // Golden values of numeric contract 3, first made on x64 with AVX-512. They change only with the contract's number.
    private const string ExpectedRandom = "626dbba6911fe46d0351d5c31479e12c91fcff1c380cc7d2bdc4653da22fc79e";
    private const string ExpectedFunctions = "124c5030d88df2d3a8097e394bca325617ca7cd8eec402b33ed10d44b5898c50";
    private const string ExpectedSgd = "cf8e140e29a00811b0a22789cba5dbd91c8437febf4d46d47f2d2572eea12b67";
    private const string ExpectedMuon = "8ed19b2cc558bfb8a362e1acfd27bf6512c68c2f9bd3c9cb516ce3e0b365d23d";

    /// <summary>Whether this machine computes as the contract says.</summary>
    public bool IsSound => Expected == Actual;

    /// <summary>
    /// Random numbers, elementary functions, and small training runs with SGD and Muon for every kind of vectors and several threads.
    /// </summary>
    public static IReadOnlyList<MachineCheck> RunAll()
    {
        var checks = new List<MachineCheck>
        {
            new("random numbers", ExpectedRandom, Hash(RandomNumbers())),
            new("exp, log, sin, cos", ExpectedFunctions, Hash(Functions())),
        };
        foreach (Simd simd in Enum.GetValues<Simd>().Where(SimdSupport.IsSupported))
        {
            foreach (int threads in (int[])[1, 3])
            {
                string way = $"{simd switch { Simd.Vector512 => 512, Simd.Vector256 => 256, _ => 128 }} bits, {threads} thread(s)";
                checks.Add(new($"training by SGD, {way}", ExpectedSgd, Train(SgdOf, simd, threads)));
                checks.Add(new($"training by Muon, {way}", ExpectedMuon, Train(MuonOf, simd, threads)));
            }
        }

        return checks;
    }

    private static IEnumerable<double> RandomNumbers()
    {
        var random = new RandomStream(1, RandomPurpose.Augmentation, 2, 3);
        return Enumerable.Range(0, 1000).Select(i => (double)random.Uniform((uint)i));
    }

    private static IEnumerable<double> Functions()
    {
        for (int i = 0; i < 2000; i++)
        {
            double x = (i - 1000) * 0.0371;
            yield return DeterministicMath.Exp(x);
            yield return DeterministicMath.Log(x * x + 0.001);
            yield return DeterministicMath.Sin(x);
            yield return DeterministicMath.Cos(x);
        }
    }

    private static string Hash(IEnumerable<double> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] bytes = new byte[sizeof(double)];
        foreach (double value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Sgd SgdOf(Network network) => new(network, 0.9f, nesterov: true, weightDecay: 1e-3f);

    private static Muon MuonOf(Network network) => new(network, 0.9f, weightDecay: 1e-3f, filterRate: 0.4f);

    /// <summary>Six steps of a network that has every kind of layer; the hash of its safetensors file.</summary>
    private static string Train(Func<Network, Optimizer> create, Simd simd, int threads)
    {
        var network = new Network(new Shape(1, 20, 20),
        [
            new ConvolutionSpec("stem", 20, KernelSize: 5, Stride: 2, Padding: 2, Bias: false),
            new BatchNormSpec("norm"),
            new ReluSpec(),
            new MaxPoolSpec(KernelSize: 3, Stride: 1, Padding: 1),
            new ConvolutionSpec("tiled", 20, KernelSize: 3, Padding: 1),
            new BatchNormSpec("tiled_norm"),
            new ResidualSpec(
                [new ConvolutionSpec("body", 36, KernelSize: 3, Stride: 2, Padding: 1), new ReluSpec()],
                [new ConvolutionSpec("shortcut", 36, KernelSize: 1, Stride: 2)]),
            new AveragePoolSpec(KernelSize: 2, Stride: 1),
            new FlattenSpec(),
            new DropoutSpec(0.25f),
            new LinearSpec("head", 10),
        ]);
        using var team = new WorkerTeam(threads);
        using NetworkWeights weights = network.Initialize(seed: 5);
        using Optimizer optimizer = create(network);
        using var trainer = new Trainer(weights, optimizer, team, new TrainerOptions
        {
            BatchSize = 24,
            ChunkSize = 8,
            Seed = 5,
            Loss = new SoftmaxCrossEntropy(0.1),
            Simd = simd,
        });
        for (int step = 0; step < 6; step++)
        {
            trainer.Step(new Noise(), epoch: step, Enumerable.Range(24 * step, 24).ToArray(), learningRate: 0.05);
        }

        return Convert.ToHexStringLower(SHA256.HashData(WeightsFile.Write(weights, 18).ToBytes()));
    }

    /// <summary>Random pixels with random labels.</summary>
    private sealed class Noise : IImageSource
    {
        public int Load(int epoch, int sample, ImageView destination)
        {
            var random = new RandomStream(7, RandomPurpose.Augmentation, 0, (uint)sample);
            for (int i = 0; i < destination.Shape.Count; i++)
            {
                destination[0, i / destination.Shape.Width, i % destination.Shape.Width] = random.Uniform((uint)i) - 0.5f;
            }

            return random.Integer(1_000_000, 10);
        }
    }
}
