namespace Inkling.Training;

/// <summary>
/// Measures training alone, from the start of the first step to the end of the last, without validation; a run that goes on
/// brings its time along.
/// </summary>
internal sealed class TrainingClock(TimeProvider time, int batchSize, int totalSteps, int stepsBefore, double secondsBefore)
{
    private TimeSpan _before = TimeSpan.FromSeconds(secondsBefore);
    private long _start = time.GetTimestamp();
    private bool _paused;
    private int _steps = stepsBefore;

    internal double Seconds => Elapsed.TotalSeconds;

    internal double ImagesPerSecond => _steps * batchSize / Math.Max(Seconds, 1e-9);

    internal TimeSpan Remaining => _steps == 0 ? TimeSpan.Zero : Elapsed * ((double)(totalSteps - _steps) / _steps);

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
