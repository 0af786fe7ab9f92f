namespace Inkling.Training;

/// <summary>
/// Measures training alone, from the start of the first step to the end of the last, without validation; a run that goes on
/// brings its time along.
/// </summary>
internal sealed class TrainingClock(TimeProvider time, RunPlan plan, int stepsBefore, double secondsBefore)
{
    private TimeSpan _before = TimeSpan.FromSeconds(secondsBefore);
    private long _start = time.GetTimestamp();
    private bool _paused;
    private int _steps = stepsBefore;

    internal double Seconds => Elapsed.TotalSeconds;

    internal double ImagesPerSecond => _steps * plan.Recipe.BatchSize / Math.Max(Seconds, 1e-9);

    internal TimeSpan Remaining => _steps == 0 ? TimeSpan.Zero : Elapsed * (plan.WorkOf(plan.TotalSteps) / plan.WorkOf(_steps) - 1);

    private TimeSpan Elapsed => _paused ? _before : _before + time.GetElapsedTime(_start);

    internal void Stepped() => _steps++;

    internal void Pause()
    {
        _before = Elapsed;
        _paused = true;
    }

    internal void Resume()
    {
        _start = time.GetTimestamp();
        _paused = false;
    }
}
