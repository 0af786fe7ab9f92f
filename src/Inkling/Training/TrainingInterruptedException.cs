namespace Inkling.Training;

/// <summary>A run was stopped between two steps and can go on later.</summary>
/// <param name="step">Steps taken.</param>
/// <param name="folder">Where its checkpoint lies.</param>
/// <param name="cancellation">What stopped it.</param>
public sealed class TrainingInterruptedException(int step, string folder, CancellationToken cancellation)
    : OperationCanceledException(
        $"Interrupted after step {step}; {folder} keeps it. The same command with --resume goes on.", cancellation);
