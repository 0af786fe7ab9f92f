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
        var limits = TileLimits.For(SimdSupport.Best);
        double operations = 2.0 * limits.Rows * limits.Columns * Tensor.BlockLanes * Length * Repetitions;
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            team.Run(team.Size, static (_, _) => Work());
            best = Math.Max(best, team.Size * operations / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        return best;
    }

    private static void Work()
    {
        using var memory = new FloatBuffer(4L * Length * Tensor.BlockLanes);
        KernelSet.For(SimdSupport.Best).Run(new LargestTile(memory.Data));
    }

    /// <summary>Runs the largest tile over and over.</summary>
    /// <param name="memory">[4, length, 16].</param>
    private readonly struct LargestTile(float* memory) : IKernelCall
    {
        public KernelWork Work => default;

        public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
            where TLanes : struct, ILanes<TLanes>
        {
            var run = new TileRun(0, 0, Length);
            nint block = Length * ILanes<TLanes>.Count;
            float* output = memory + 3 * block;
            var tile = new TileArguments
            {
                A = memory,
                ARow = ILanes<TLanes>.Count,
                AStep = 1,
                B = memory + block,
                BColumn = tiles.Limits.Columns == 1 ? 0 : block / 2,
                Runs = &run,
                RunCount = 1,
                Initial = output,
                C = output,
                CRow = ILanes<TLanes>.Count,
                CColumn = tiles.Limits.Rows * ILanes<TLanes>.Count,
            };
            for (int i = 0; i < Repetitions; i++)
            {
                TileArguments t = tile;
                tiles.Multiply(&t, tiles.Limits.Rows, tiles.Limits.Columns);
            }
        }
    }
}
