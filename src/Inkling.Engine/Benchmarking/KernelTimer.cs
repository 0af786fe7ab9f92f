using System.Diagnostics;

namespace Inkling.Engine;

/// <summary>Adds up the time of each kernel at each place of a network. For one thread.</summary>
internal sealed class KernelTimer : IKernelExecutor
{
    private readonly Dictionary<(string Kernel, object Place), (long Ticks, long? MultiplyAdds)> _totals = [];

    public int Threads => 1;

    public void Run<TCall>(KernelSet kernels, in TCall call)
        where TCall : struct, IKernelCall
    {
        long start = Stopwatch.GetTimestamp();
        kernels.RunPart(call, WorkPart.Whole);
        long ticks = Stopwatch.GetTimestamp() - start;
        KernelWork work = call.Work;
        if (work.Place is not null)
        {
            (string, object) key = (typeof(TCall).Name, work.Place);
            _totals[key] = (_totals.GetValueOrDefault(key).Ticks + ticks, work.MultiplyAdds);
        }
    }

    internal void Clear() => _totals.Clear();

    internal IReadOnlyList<KernelTime> Times(int images) =>
    [
        .. _totals.Select(entry =>
        {
            ((string kernel, object place), (long ticks, long? multiplyAdds)) = entry;
            double seconds = (double)ticks / Stopwatch.Frequency / images;
            return new KernelTime($"{kernel} {place}", seconds * 1e6, 2.0 * multiplyAdds / seconds / 1e9);
        }),
    ];
}
