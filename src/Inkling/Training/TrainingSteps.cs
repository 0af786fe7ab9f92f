using Inkling.Engine;
using Inkling.Training.Recipes;

namespace Inkling.Training;

/// <summary>Takes a run's steps one after another, from wherever its state stands.</summary>
internal sealed class TrainingSteps : IDisposable
{
    private readonly RunPlan _plan;
    private readonly RunState _state;
    private readonly TrainingImages _images;
    private readonly WorkerTeam _team;
    private readonly Simd _simd;
    private Network _network;
    private LossRecipe _loss;
    private int _shuffledEpoch = -1;
    private int[] _order = [];

    internal TrainingSteps(RunPlan plan, RunState state, WorkerTeam team, Simd simd)
    {
        _plan = plan;
        _state = state;
        _images = plan.CreateImages();
        (_team, _simd) = (team, simd);
        (_network, _loss) = (plan.NetworkIn(Epoch), plan.Recipe.LossIn(Epoch));
        Trainer = CreateTrainer();
    }

    /// <summary>Of the latest step; a new one where the size of the images or the loss changes.</summary>
    internal Trainer Trainer { get; private set; }

    /// <summary>The epoch of the next step, from 0.</summary>
    internal int Epoch => _state.Steps / _plan.StepsPerEpoch;

    /// <summary>Takes the next step and notes it.</summary>
    /// <returns>Mean loss of its batch.</returns>
    internal double Take()
    {
        int epoch = Epoch;
        int batch = _state.Steps % _plan.StepsPerEpoch;
        double learningRate = _plan.Recipe.Schedule.At(_state.Steps, _plan.ScheduledSteps);
        ReadOnlyMemory<int> samples = Order(epoch).AsMemory(batch * _plan.Recipe.BatchSize, _plan.Recipe.BatchSize);
        Enter(epoch);
        StepResult step = Trainer.Step(_images, epoch, samples, learningRate, _state.Average, AverageWeight(_state.Steps));
        _state.Add(step.Loss, step.Correct, learningRate, Trainer.ChunkLosses);
        return step.Loss;
    }

    /// <summary>Measures the running statistics of an average of weights, which has none of its own.</summary>
    internal void EstimateStatistics(int epoch)
    {
        if (_state.Average is { } average)
        {
            Enter(epoch);
            int[] order = Order(epoch);
            Trainer.EstimateStatistics(average, _images, epoch, order.AsMemory(0, Math.Min(order.Length, StatisticsImages)));
        }
    }

    public void Dispose() => Trainer.Dispose();

    /// <summary>
    /// Images whose statistics stand for an average of weights: 8,192 put the error of a mean at about 1 % of a deviation.
    /// </summary>
    private const int StatisticsImages = 8192;

    /// <summary>
    /// The average's share of new weights: 1 − min(decay, (1 + t)/(10 + t)), so that it soon forgets where it began
    /// (the warm-up of TensorFlow's ExponentialMovingAverage).
    /// </summary>
    private double AverageWeight(int step) =>
        _plan.Recipe.Averaging is { } averaging ? 1 - Math.Min(averaging.Decay, (1.0 + step) / (10.0 + step)) : 0;

    private void Enter(int epoch)
    {
        (Network network, LossRecipe loss) = (_plan.NetworkIn(epoch), _plan.Recipe.LossIn(epoch));
        if (network != _network || loss != _loss)
        {
            (_network, _loss) = (network, loss);
            Trainer.Dispose();
            Trainer = CreateTrainer();
        }
    }

    private Trainer CreateTrainer() => new(_state.Weights.For(_network), _state.Optimizer, _team, new TrainerOptions
    {
        BatchSize = _plan.Recipe.BatchSize,
        ChunkSize = _plan.Recipe.ChunkSize,
        Seed = _plan.Seed,
        Loss = new SoftmaxCrossEntropy(_loss.LabelSmoothing),
        FirstStep = _state.Steps,
        Simd = _simd,
    });

    private int[] Order(int epoch)
    {
        if (epoch != _shuffledEpoch)
        {
            (_order, _shuffledEpoch) = (_plan.Shuffle(epoch), epoch);
        }

        return _order;
    }
}
