using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Execution;

public sealed class PredictorTests
{
    private const int Classes = 4;
    private const int Images = 20;
    private const int Threads = 16;

    private static readonly Shape Shape = new(3, 12, 12);

    private static readonly Network Network = new(
        Shape,
        [
            new ConvolutionSpec("a", 16, 3, 1, 1, Bias: false), new BatchNormSpec("n"), new ReluSpec(), new MaxPoolSpec(2, 2),
            new ConvolutionSpec("b", 32, 3, 1, 1), new ReluSpec(), new GlobalAveragePoolSpec(), new FlattenSpec(), new LinearSpec(
                "c", Classes),
        ]);

    private static readonly SyntheticImages Noise = SyntheticImages.Random(Shape, Images, Classes, seed: 81);

    /// <summary>Requests of one chunk are shared out among the team or not, those of several always are.</summary>
    [Theory]
    [InlineData(1, 1, 1, 300)]
    [InlineData(2, 1, 1, 300)]
    [InlineData(2, 4, 9, 100)]
    [InlineData(3, 4, 3, 100)]
    [InlineData(2, 1, 1, 10_000, Explicit = true)]
    [InlineData(3, 4, 9, 10_000, Explicit = true)]
    public void Predict_SixteenThreadsAtOnce_GivesEachTheBitsItGetsAlone(int teamSize, int chunkSize, int requestSize, int requests)
    {
        using NetworkWeights weights = Network.Initialize(seed: 82);
        float[] expected = Alone(weights);
        using var team = new WorkerTeam(teamSize);
        using var predictor = new Predictor(weights, team, SimdSupport.Best, chunkSize, leastSharedWork: 0);

        AtOnce.Run(Threads, thread =>
        {
            float[] probabilities = new float[requestSize * Classes];
            float[] logits = new float[requestSize * Classes];
            for (int request = 0; request < requests; request++)
            {
                int[] samples = [.. Enumerable.Range(0, requestSize).Select(i => (7 * thread + 3 * request + i) % Images)];
                predictor.Predict(Noise, samples, probabilities, logits);
                Numbers.AssertSameBits(
                    [.. samples.SelectMany(sample => expected[(sample * Classes)..((sample + 1) * Classes)])], logits, $"thread {thread}, request {request}");
            }
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Predict_AskedFromInsideASource_AnswersBoth(int teamSize)
    {
        using NetworkWeights weights = Network.Initialize(seed: 82);
        float[] expected = Alone(weights);
        using var team = new WorkerTeam(teamSize);
        using var predictor = new Predictor(weights, team, SimdSupport.Best, chunkSize: 2, leastSharedWork: 0);
        int[] all = [.. Enumerable.Range(0, Images)];
        float[] outer = new float[Images * Classes];
        var source = new AskingSource(predictor);

        predictor.Predict(source, all, new float[Images * Classes], outer);
        predictor.Predict(source, all.AsMemory(0, 1), new float[Classes], outer.AsMemory(0, Classes));

        Numbers.AssertSameBits(expected, outer, "outer");
        Assert.All(
            source.Inner, (inner, sample) => Numbers.AssertSameBits(expected.AsSpan(sample * Classes, Classes), inner, $"inner {sample}"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 16)]
    public void Predict_OnceWarm_AllocatesNothing(int teamSize, int requestSize)
    {
        using NetworkWeights weights = Network.Initialize(seed: 82);
        using var team = new WorkerTeam(teamSize);
        using var predictor = new Predictor(weights, team, SimdSupport.Best, chunkSize: 4, leastSharedWork: 0);
        int[] samples = [.. Enumerable.Range(0, requestSize)];
        float[] probabilities = new float[requestSize * Classes];
        void Ask(int times)
        {
            for (int i = 0; i < times; i++)
            {
                predictor.Predict(Noise, samples, probabilities);
            }
        }

        // Both ways of a request of one chunk are tried at first. A collection that other tests cause counts the rest of a thread's
        // allocation buffer as allocated, hence the best of a few rounds.
        Ask(4 * QuickerWay.Tries);
        long fewest = Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Ask(100);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.Equal(0, fewest);
    }

    [Fact]
    public void Predict_SourceThrows_ThrowsItAndCanBeAskedAgain()
    {
        using NetworkWeights weights = Network.Initialize(seed: 82);
        float[] expected = Alone(weights);
        using var team = new WorkerTeam(2);
        using var predictor = new Predictor(weights, team, SimdSupport.Best, chunkSize: 1, leastSharedWork: 0);
        float[] logits = new float[Classes];

        for (int i = 0; i < 3; i++)
        {
            Assert.Throws<IndexOutOfRangeException>(() => predictor.Predict(Noise, (int[])[Images], new float[Classes]));
            predictor.Predict(Noise, (int[])[i], new float[Classes], logits);
            Numbers.AssertSameBits(expected.AsSpan(i * Classes, Classes), logits, $"image {i}");
        }
    }

    /// <summary>[N, K], asked on one thread, image by image.</summary>
    private static float[] Alone(NetworkWeights weights)
    {
        using var team = new WorkerTeam(1);
        using var predictor = new Predictor(weights, team, chunkSize: 1);
        float[] logits = new float[Images * Classes];
        for (int sample = 0; sample < Images; sample++)
        {
            predictor.Predict(Noise, (int[])[sample], new float[Classes], logits.AsMemory(sample * Classes, Classes));
        }

        return logits;
    }

    /// <summary>Asks about an image before it gives it away.</summary>
    private sealed class AskingSource(Predictor predictor) : IImageSource
    {
        internal float[][] Inner { get; } = [.. Enumerable.Range(0, Images).Select(_ => new float[Classes])];

        public int Load(int epoch, int sample, ImageView destination)
        {
            predictor.Predict(Noise, (int[])[sample], new float[Classes], Inner[sample]);
            return Noise.Load(epoch, sample, destination);
        }
    }
}
