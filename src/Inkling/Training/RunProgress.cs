using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Training;

/// <summary>What a checkpoint keeps of a run beside its tensors.</summary>
internal sealed record RunProgress(int Steps, IReadOnlyList<EpochResult> Epochs, EpochSums Sums, string InitialHash, double Seconds)
{
    internal static JsonShape<RunProgress> Json { get; } = new JsonShape<RunProgress>(new(0, [], default, "", 0))
        .Required("steps", Integer(), x => x.Steps, (x, v) => x with { Steps = v })
        .Required("epochs", List(EpochResult.Json), x => x.Epochs, (x, v) => x with { Epochs = v })
        .Required("sum_loss", Number(), x => x.Sums.Loss, (x, v) => x with { Sums = x.Sums with { Loss = v } })
        .Required("sum_correct", Integer(), x => x.Sums.Correct, (x, v) => x with { Sums = x.Sums with { Correct = v } })
        .Required("sum_batches", Integer(), x => x.Sums.Batches, (x, v) => x with { Sums = x.Sums with { Batches = v } })
        .Required("learning_rate", Number(), x => x.Sums.LearningRate, (x, v) => x with { Sums = x.Sums with { LearningRate = v } })
        .Required("initial_sha256", Text, x => x.InitialHash, (x, v) => x with { InitialHash = v })
        .Required("seconds", Number(), x => x.Seconds, (x, v) => x with { Seconds = v });

    internal static RunProgress Of(RunState state) => new(state.Steps, state.Epochs, state.Sums, state.InitialHash, state.Seconds);

    /// <summary>Puts it back.</summary>
    internal void Restore(RunState state)
    {
        state.Steps = Steps;
        state.Epochs.AddRange(Epochs);
        state.Sums = Sums;
        state.InitialHash = InitialHash;
        state.Seconds = Seconds;
    }
}
