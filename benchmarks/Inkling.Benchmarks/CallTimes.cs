using System.Diagnostics;

namespace Inkling.Benchmarks;

/// <summary>How long calls take, in seconds.</summary>
internal static class CallTimes
{
    /// <summary>
    /// Each call's, sorted, of as many as begin within a while; the first while is for compiling and caches and doesn't count.
    /// </summary>
    public static double[] Measure(TimeSpan warmUp, TimeSpan duration, Action action)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < warmUp;)
        {
            action();
        }

        var seconds = new List<double>(capacity: 1 << 17);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < duration;)
        {
            long call = Stopwatch.GetTimestamp();
            action();
            seconds.Add(Stopwatch.GetElapsedTime(call).TotalSeconds);
        }

        seconds.Sort();
        return [.. seconds];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
