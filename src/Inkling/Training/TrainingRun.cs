using System.Security.Cryptography;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Serialization;
using Inkling.Training.Recipes;

namespace Inkling.Training;

/// <summary>
/// One run: split, measure, initialise, then epochs of steps. The weights that come out depend on the dataset's training
/// images, the recipe and the seed alone, however often it was stopped and went on; the test images stay sealed.
/// </summary>
public sealed class TrainingRun
{
    private readonly TrainingRunOptions _options;
    private readonly RunPlan _plan;

    /// <summary>Prepares a run and finds what would stop it, before any training.</summary>
    /// <exception cref="RecipeException">
    /// The recipe doesn't fit the dataset, its layers don't fit each other, or it names a transform that isn't here.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">The network has more parameters than can be addressed.</exception>
    public TrainingRun(ImageDataset dataset, Recipe recipe, TrainingRunOptions options)
    {
        _plan = new RunPlan(dataset, OwnTransforms.Bring(recipe, options.Transforms), options.Seed, options.MaxSteps);
        _options = options;
    }

    /// <summary>The division into training and validation.</summary>
    public DataSplit DataSplit => _plan.Split;

    /// <summary>All that decides the run.</summary>
    internal RunPlan Plan => _plan;

    /// <summary>The images of an epoch's first batch, as in the dataset and as the network sees them in that step.</summary>
    /// <param name="epoch">From 0.</param>
    public IReadOnlyList<PreviewImage> Preview(int epoch) => PreviewImage.Render(
        _plan.Dataset.Train, _plan.CreateImages(), _plan.Normalization, epoch, _plan.Shuffle(epoch).AsSpan(0, _plan.Recipe.BatchSize),
        _plan.NetworkIn(epoch).Input);

    /// <summary>Trains.</summary>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    /// <param name="cancellation">Stops the run after the current step.</param>
    /// <exception cref="TrainingInterruptedException">The run was stopped; its folder keeps a checkpoint.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; it has no folder.</exception>
    /// <exception cref="NonFiniteLossException">The loss is no longer a number.</exception>
    /// <exception cref="ResumeException">It was to go on from a checkpoint that belongs to another run.</exception>
    /// <exception cref="InsufficientMemoryException">Network and batch don't fit into this machine's memory.</exception>
    public TrainedModel Run(ITrainingObserver observer, WorkerTeam team, CancellationToken cancellation = default)
    {
        RunState state = Begin(observer);
        try
        {
            observer.Started(new TrainingPlan(
                _plan.Recipe.Epochs, _plan.StepsPerEpoch, _plan.TotalSteps, _plan.Network.ParameterCount,
                _plan.Split.Train.Length, _plan.Split.Validation.Length, team.Size, state.Steps));
            using var steps = new TrainingSteps(_plan, state, team, _options.Simd);
            var clock = new TrainingClock(_options.Time, _plan, state.Steps, state.Seconds);
            var checkpoints = new CheckpointTimer(_options.Time, _options.CheckpointInterval);
            for (int epoch = state.Epochs.Count; epoch < _plan.Epochs; epoch++)
            {
                TrainEpoch(epoch, state, steps, clock, checkpoints, observer, cancellation);
                clock.Pause();
                steps.EstimateStatistics(epoch);
                state.Add(EndEpoch(epoch, state, team));
                Save(state, clock, checkpoints, observer);
                observer.EpochEnded(state.Epochs[^1]);
                clock.Resume();
            }

            return Finish(state, clock);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private RunState Begin(ITrainingObserver observer)
    {
        RunState state = _plan.Begin();
        state.InitialHash = Hash(state);
        if (_options is { Folder: { } folder, Resume: true })
        {
            foreach (string path in folder.CheckpointPaths())
            {
                try
                {
                    Checkpoint.Restore(File.ReadAllBytes(path), path, _plan.ToJson(), state);
                    return state;
                }
                catch (ModelFormatException e)
                {
                    observer.Warned(e.Message);
                }
                catch (ResumeException)
                {
                    state.Dispose();
                    throw;
                }
            }
        }

        _options.Folder?.Clear();
        return state;
    }

    private void TrainEpoch(
        int epoch,
        RunState state,
        TrainingSteps steps,
        TrainingClock clock,
        CheckpointTimer checkpoints,
        ITrainingObserver observer,
        CancellationToken cancellation)
    {
        int end = Math.Min((epoch + 1) * _plan.StepsPerEpoch, _plan.TotalSteps);
        while (state.Steps < end)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save(state, clock, checkpoints, observer);
                throw _options.Folder is { HasCheckpoints: true } folder
                    ? new TrainingInterruptedException(state.Steps, folder.Path, cancellation)
                    : new OperationCanceledException(cancellation);
            }

            double loss = steps.Take();
            clock.Stepped();
            observer.Stepped(new StepProgress(epoch + 1, state.Steps, loss, state.LastLosses, clock.ImagesPerSecond, clock.Remaining));
            if (checkpoints.IsDue)
            {
                Save(state, clock, checkpoints, observer);
            }
        }
    }

    private EpochResult EndEpoch(int epoch, RunState state, WorkerTeam team)
    {
        ClassificationMetrics? validation = _plan.Split.Validation.IsEmpty
            ? null
            : ModelEvaluator.Evaluate(
                state.Model.For(_plan.NetworkIn(epoch)), _plan.Normalization, _plan.Dataset.Train, _plan.Split.Validation.ToArray(), team);
        return new EpochResult(
            epoch + 1,
            state.Steps,
            state.Sums.LearningRate,
            state.Sums.Loss / state.Sums.Batches,
            (double)state.Sums.Correct / (state.Sums.Batches * _plan.Recipe.BatchSize),
            validation?.NegativeLogLikelihood,
            validation?.Accuracy,
            Hash(state));
    }

    private void Save(RunState state, TrainingClock clock, CheckpointTimer checkpoints, ITrainingObserver observer)
    {
        // Weights that an update has spoilt show in the loss of the next step, which then ends the run: what is kept is from before.
        if (_options.Folder is not { } folder || !state.IsFinite)
        {
            return;
        }

        state.Seconds = clock.Seconds;
        try
        {
            folder.Save(state.Steps, Checkpoint.Write(state, _plan.ToJson()));
        }
        catch (IOException e)
        {
            // Training is worth more than its checkpoint: the disk may have room again by the next one.
            observer.Warned($"No checkpoint at step {state.Steps}: {e.Message}");
        }

        checkpoints.Saved();
    }

    private TrainedModel Finish(RunState state, TrainingClock clock)
    {
        state.Optimizer.Dispose();
        if (state.Average is not null)
        {
            state.Weights.Dispose();
        }

        return new TrainedModel
        {
            Weights = state.Model,
            WeightsFile = WeightsOf(state),
            Recipe = _plan.Recipe,
            Seed = _plan.Seed,
            Normalization = _plan.Normalization,
            Split = _plan.Split,
            InitialHash = state.InitialHash,
            Epochs = state.Epochs,
            Steps = state.Steps,
            ChunksPerStep = state.ChunksPerStep,
            ChunkLosses = state.ChunkLosses,
            Seconds = clock.Seconds,
            ImagesPerSecond = clock.ImagesPerSecond,
        };
    }

    private string Hash(RunState state) => Convert.ToHexStringLower(SHA256.HashData(WeightsOf(state)));

    private byte[] WeightsOf(RunState state) => WeightsFile.Write(state.Model, _plan.BatchesTracked(state.Steps)).ToBytes();
}
