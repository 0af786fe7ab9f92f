namespace Inkling.Studies;

/// <summary>A study was stopped and can go on later.</summary>
/// <param name="seed">The seed that was training.</param>
/// <param name="folder">What keeps the finished ones, and this one's checkpoint if there is one.</param>
/// <param name="interruption">What stopped it.</param>
public sealed class StudyInterruptedException(ulong seed, string folder, OperationCanceledException interruption)
    : OperationCanceledException(
        $"Interrupted in seed {seed}; {folder} keeps what is finished. The same command goes on.", interruption, interruption.CancellationToken);
