using System.Globalization;
using Inkling.Diagnostics;
using Inkling.Engine;

namespace Inkling.Benchmarks;

/// <summary>
/// How many times as fast a network trains on all threads as on one, and what the machine itself allows: as many trainings of one thread
/// each at once, which share nothing but the processors' caches and memory. All live in one process and run 0.6 seconds by turns, and each
/// turn is compared with its neighbours: a shared machine's drift, which is larger than what is asked, meets all.
/// </summary>
internal static class ThreadScaling
{
    private const int WarmUpTurns = 6;
    private const int Turns = 50;

    /// <summary>Not measured: until the caches hold this side's data and every thread is awake.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.2);

    private static readonly TimeSpan Measuring = TimeSpan.FromSeconds(0.4);

    /// <param name="network">Name of a <see cref="ReferenceNetwork"/>.</param>
    public static void Run(string network)
    {
        int threads = Environment.ProcessorCount;
        using TrainingBenchmarks together = Prepare(network, threads);
        TrainingBenchmarks[] apart = [.. Enumerable.Range(0, threads).Select(_ => Prepare(network, threads: 1))];
        var turns = new List<(double One, double Together, double Apart)>();
        for (int turn = -WarmUpTurns; turn < Turns; turn++)
        {
            (double, double, double) speeds = (Speed(apart[0]), Speed(together), SumOfSpeeds(apart));
            if (turn >= 0)
            {
                turns.Add(speeds);
            }
        }

        Array.ForEach(apart, benchmark => benchmark.Dispose());
        Console.WriteLine($"| {network}, training | images/s | times one thread | quartiles |");
        Console.WriteLine("|---|---:|---:|---|");
        WriteRow("1 thread", turns.Select(turn => (turn.One, turn.One)));
        WriteRow($"{threads} threads", turns.Select(turn => (turn.Together, turn.One)));
        WriteRow($"{threads} trainings of 1 thread", turns.Select(turn => (turn.Apart, turn.One)));
    }

    private static TrainingBenchmarks Prepare(string network, int threads)
    {
        var benchmark = new TrainingBenchmarks { Network = network, Threads = threads, Registers = SimdSupport.Best };
        benchmark.Setup();
        return benchmark;
    }

    /// <summary>Images a second, by the median step of a turn.</summary>
    private static double Speed(TrainingBenchmarks benchmark) =>
        TrainingBenchmarks.BatchSize / CallTimes.Median(CallTimes.Measure(Settling, Measuring, () => benchmark.Step()));

    private static double SumOfSpeeds(TrainingBenchmarks[] benchmarks)
    {
        double[] speeds = new double[benchmarks.Length];
        Thread[] threads = [.. benchmarks.Select((benchmark, i) => new Thread(() => speeds[i] = Speed(benchmark)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return speeds.Sum();
    }

    private static void WriteRow(string name, IEnumerable<(double Speed, double One)> turns)
    {
        double[] ratios = [.. turns.Select(turn => turn.Speed / turn.One).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {CallTimes.Median(turns.Select(turn => turn.Speed)):F0} | {CallTimes.Median(ratios):F2} | {ratios[Turns / 4]:F2} to {ratios[Turns * 3 / 4]:F2} |"));
    }
}
