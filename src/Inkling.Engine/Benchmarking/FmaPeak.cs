using System.Diagnostics;

namespace Inkling.Engine;

/// <summary>This machine's attainable peak of fused multiply-adds: the register tile on data that never leaves the first cache.</summary>
public static unsafe class FmaPeak
{
    private const int Length = 256;
    private const int Repetitions = 2000;
    private const int Rounds = 30;

    /// <summary>Best rate of all threads together, in 10⁹ floating-point operations a second (a multiply-add is two).</summary>
    public static double MeasureGflops(WorkerTeam team)
    {
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            team.Run(team.Size, static (_, _) => Work());
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Max(best, (double)team.Size * Repetitions * KernelSet.PeakFlops(Length) / seconds / 1e9);
        }

        return best;
    }

    private static void Work()
    {
        using var memory = new FloatBuffer(4L * Length * Tensor.BlockLanes);
        KernelSet.For(SimdSupport.Best).Peak(memory.Data, Length, Repetitions);
    }
}
