namespace Inkling.Engine;

/// <summary>
/// Shares out each kernel call among a team, for when there are fewer images than threads. Every thread computes outputs of its own, each
/// as it would be computed alone, so that no bit depends on the division. What only training needs stays on the calling thread.
/// </summary>
/// <param name="team">Whoever runs a kernel has entered it.</param>
/// <param name="leastWork">Multiply-adds below which the calling thread does a call alone.</param>
/// <remarks>For one call at a time. Room for a kernel's calls is made when the first one comes; afterwards nothing is allocated.</remarks>
internal sealed class TeamExecutor(WorkerTeam team, long leastWork = TeamExecutor.LeastWork) : IKernelExecutor
{
    /// <summary>
    /// Multiply-adds, for one image, from which a call is shared out: some two microseconds of one thread. Telling others and hearing that
    /// they are done takes one to five, depending on how near processors are to each other.
    /// </summary>
    internal const long LeastWork = 1 << 17;

    private readonly Dictionary<Type, object> _sharedCalls = [];

    public int Threads => team.Size;

    public void Run<TCall>(KernelSet kernels, in TCall call)
        where TCall : struct, IKernelCall
    {
        if (call.Work.Divisible >= leastWork)
        {
            SharedCall<TCall> shared = SharedCallOf<TCall>(kernels);
            shared.Call = call;
            team.RunEntered(team.Size, shared.RunPart);
        }
        else
        {
            kernels.RunPart(call, WorkPart.Whole);
        }
    }

    private SharedCall<TCall> SharedCallOf<TCall>(KernelSet kernels)
        where TCall : struct, IKernelCall
    {
        if (!_sharedCalls.TryGetValue(typeof(TCall), out object? shared))
        {
            shared = new SharedCall<TCall>(kernels, team.Size);
            _sharedCalls.Add(typeof(TCall), shared);
        }

        return (SharedCall<TCall>)shared;
    }

    /// <summary>The call in progress, where all threads see it.</summary>
    private sealed class SharedCall<TCall>
        where TCall : struct, IKernelCall
    {
        private TCall _call;

        internal SharedCall(KernelSet kernels, int parts) => RunPart = (_, part) => kernels.RunPart(_call, new WorkPart(part, parts));

        internal TCall Call
        {
            set => _call = value;
        }

        internal Action<int, int> RunPart { get; }
    }
}
