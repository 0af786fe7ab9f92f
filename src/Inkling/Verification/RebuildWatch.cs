using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Training;

namespace Inkling.Verification;

/// <summary>Holds each step and epoch of a rebuild against the package's record, and passes what it is told on.</summary>
internal sealed class RebuildWatch(
    PackageLock record, NamedTensor losses, ITrainingObserver next, CancellationTokenSource? stop) : ITrainingObserver
{
    private LossDifference? _loss;

    /// <summary>Where the rebuild left the record.</summary>
    internal Departure? Departure { get; private set; }

    /// <summary>Epochs with the recorded hashes, from the first on.</summary>
    internal int EpochsEqual { get; private set; }

    public void Started(TrainingPlan plan) => next.Started(plan);

    public void Warned(string message) => next.Warned(message);

    public void Stepped(StepProgress progress)
    {
        _loss ??= LossDifference.At(losses, progress.Step, progress.ChunkLosses.Span);
        next.Stepped(progress);
    }

    public void EpochEnded(EpochResult result)
    {
        next.EpochEnded(result);
        string recorded = result.Epoch <= record.Weights.Epochs.Count ? record.Weights.Epochs[result.Epoch - 1] : "nothing";
        if (Departure is not null)
        {
            return;
        }

        if (result.WeightsHash == recorded)
        {
            EpochsEqual = result.Epoch;
        }
        else
        {
            Departure = new Departure(result.Epoch, recorded, result.WeightsHash, _loss);
            stop?.Cancel();
        }
    }
}
