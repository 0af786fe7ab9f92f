namespace Inkling.Training;

/// <summary>Knows when the next checkpoint is due.</summary>
internal sealed class CheckpointTimer(TimeProvider time, TimeSpan interval)
{
    private long _last = time.GetTimestamp();

    internal bool IsDue => time.GetElapsedTime(_last) >= interval;

    internal void Saved() => _last = time.GetTimestamp();
}
