using System.Globalization;

namespace Inkling.Benchmarks;

/// <summary>
/// How many times as fast a network trains on all threads as on one. Both train in one process, 0.6 seconds each by turns, and each turn is
/// compared with its neighbour: a shared machine's drift, which is larger than what is asked, meets both.
/// </summary>
internal static class ThreadScaling
{
    private const int WarmUpTurns = 6;
    private const int Turns = 50;

    /// <summary>Not measured: until the caches hold this side's data and every thread is awake.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.2);

    private static readonly TimeSpan Measuring = TimeSpan.FromSeconds(0.4);

    /// <param name="network">Name of a <see cref="Diagnostics.ReferenceNetwork"/>.</param>
    public static void Run(string network)
    {
        using TrainingBenchmarks one = Prepare(network, threads: 1), all = Prepare(network, Environment.ProcessorCount);
        var turns = new List<(double One, double All)>();
        for (int turn = -WarmUpTurns; turn < Turns; turn++)
        {
            (double, double) seconds = (Seconds(one), Seconds(all));
            if (turn >= 0)
            {
                turns.Add(seconds);
            }
        }

        double[] ratios = [.. turns.Select(turn => turn.One / turn.All).Order()];
        Console.WriteLine($"| network | 1 thread, images/s | {Environment.ProcessorCount} threads | times as fast | quartiles |");
        Console.WriteLine("|---|---:|---:|---:|---|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {network} | {Speed(turns.Select(turn => turn.One)):F0} | {Speed(turns.Select(turn => turn.All)):F0} | {ratios[Turns / 2]:F2} | {ratios[Turns / 4]:F2} to {ratios[Turns * 3 / 4]:F2} |"));
    }

    private static TrainingBenchmarks Prepare(string network, int threads)
    {
        var benchmark = new TrainingBenchmarks { Network = network, Threads = threads, Registers = Engine.Kernels.SimdSupport.Best };
        benchmark.Setup();
        return benchmark;
    }

    /// <summary>Of the median step of a turn.</summary>
    private static double Seconds(TrainingBenchmarks benchmark) =>
        CallTimes.Median(CallTimes.Measure(Settling, Measuring, () => benchmark.Step()));

    private static double Speed(IEnumerable<double> seconds) => TrainingBenchmarks.BatchSize / CallTimes.Median(seconds);
}
