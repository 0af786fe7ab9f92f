namespace Inkling.Training;

/// <summary>
/// Is told how a run goes. Called on the training thread; what it does takes training time. What it doesn't care for may be left out.
/// </summary>
public interface ITrainingObserver
{
    /// <summary>The run begins.</summary>
    void Started(TrainingPlan plan)
    {
    }

    /// <summary>A step is done.</summary>
    void Stepped(StepProgress progress)
    {
    }

    /// <summary>An epoch is done and validated.</summary>
    void EpochEnded(EpochResult result)
    {
    }

    /// <summary>Something went wrong that doesn't stop the run: a checkpoint that couldn't be read or written.</summary>
    void Warned(string message)
    {
    }
}

/// <summary>What a run is going to do.</summary>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="StepsPerEpoch">Batches in each.</param>
/// <param name="TotalSteps">Steps until the end; fewer than all epochs' if the run is cut.</param>
/// <param name="Parameters">Learned values.</param>
/// <param name="TrainImages">Images that train.</param>
/// <param name="ValidationImages">Images that validate.</param>
/// <param name="Threads">Threads that work.</param>
/// <param name="StepsBefore">Steps taken before a run that goes on was stopped; 0 for one that begins.</param>
public sealed record TrainingPlan(
    int Epochs, int StepsPerEpoch, int TotalSteps, int Parameters, int TrainImages, int ValidationImages, int Threads, int StepsBefore);

/// <summary>Where a run stands.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Step">Steps done since the start of the run.</param>
/// <param name="Loss">Mean over the step's batch.</param>
/// <param name="ChunkLosses">Sum of the losses of each chunk's images, rounded to single precision.</param>
/// <param name="ImagesPerSecond">Mean since the run began, validation left out.</param>
/// <param name="Remaining">Time left for training at that rate.</param>
public readonly record struct StepProgress(
    int Epoch, int Step, double Loss, ReadOnlyMemory<float> ChunkLosses, double ImagesPerSecond, TimeSpan Remaining);
