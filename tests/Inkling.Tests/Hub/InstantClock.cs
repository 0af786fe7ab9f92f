namespace Inkling.Tests.Hub;

/// <summary>A clock on which every wait is over at once, and noted.</summary>
internal sealed class InstantClock : TimeProvider
{
    private readonly List<TimeSpan> _waits = [];

    internal IReadOnlyList<double> WaitedSeconds => [.. _waits.Select(wait => wait.TotalSeconds)];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _waits.Add(dueTime);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
