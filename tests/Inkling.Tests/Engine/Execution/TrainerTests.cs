using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Execution;

public sealed class TrainerTests
{
    private const int Classes = 3;
    private const int BatchSize = 4;

    private static readonly Shape Shape = new(1, 6, 6);
    private static readonly int[] Batch = [0, 1, 2, 3];
    private static readonly Network Network = new(
        Shape, [new ConvolutionSpec("a", 8, 3), new ReluSpec(), new FlattenSpec(), new LinearSpec("b", Classes)]);
    private static readonly SyntheticImages Images = SyntheticImages.Random(Shape, BatchSize, Classes, seed: 91);

    [Fact]
    public void Step_WhileAnotherIsInProgress_ThrowsAtOnceAndLeavesThatAlone()
    {
        float[] expected = Trained(_ => { });
        float[] actual = Trained(trainer =>
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => trainer.Step(Images, epoch: 0, Batch, learningRate: 0.1));
            Assert.Contains("Trainer: expected one call at a time", thrown.Message, StringComparison.Ordinal);
        });

        Numbers.AssertSameBits(expected, actual, "weights");
    }

    [Fact]
    public void Step_WhileAnotherTrainerUsesTheOptimizer_ThrowsAtOnce()
    {
        using NetworkWeights weights = Network.Initialize(seed: 92);
        using var optimizer = new Sgd(Network, momentum: 0.9f, nesterov: true, weightDecay: 0);
        using var team = new WorkerTeam(1);
        using Trainer first = Create(weights, optimizer, team);
        using Trainer second = Create(weights, optimizer, team);
        var source = new Interrupted(() => OnAnotherThread(() => Assert.Throws<InvalidOperationException>(
            () => second.Step(Images, epoch: 0, Batch, learningRate: 0.1))));

        first.Step(source, epoch: 0, Batch, learningRate: 0.1);

        Assert.Equal(0, second.Steps);
        second.Step(Images, epoch: 0, Batch, learningRate: 0.1);
    }

    [Fact]
    public void Dispose_FromInsideAStep_ThrowsInsteadOfWaitingForItself()
    {
        Trained(trainer => Assert.Throws<InvalidOperationException>(trainer.Dispose), onAnotherThread: false);
    }

    /// <summary>Weights after a step, during which something else is tried.</summary>
    private static float[] Trained(Action<Trainer> meanwhile, bool onAnotherThread = true)
    {
        using NetworkWeights weights = Network.Initialize(seed: 92);
        using var optimizer = new Sgd(Network, momentum: 0.9f, nesterov: true, weightDecay: 0);
        using var team = new WorkerTeam(2);
        using Trainer trainer = Create(weights, optimizer, team);
        void Try() => meanwhile(trainer);

        trainer.Step(new Interrupted(onAnotherThread ? () => OnAnotherThread(Try) : Try), epoch: 0, Batch, learningRate: 0.1);

        return weights.Parameters.Span.ToArray();
    }

    private static Trainer Create(NetworkWeights weights, Optimizer optimizer, WorkerTeam team) =>
        new(weights, optimizer, team, new TrainerOptions
    {
        BatchSize = BatchSize,
        ChunkSize = 2,
        Seed = 93,
        Loss = new SoftmaxCrossEntropy(0),
    });

    private static void OnAnotherThread(Action action) => AtOnce.Run(1, _ => action());

    /// <summary>Does something before it gives away the third image.</summary>
    private sealed class Interrupted(Action action) : IImageSource
    {
        public int Load(int epoch, int sample, ImageView destination)
        {
            if (sample == 2)
            {
                action();
            }

            return Images.Load(epoch, sample, destination);
        }
    }
}
