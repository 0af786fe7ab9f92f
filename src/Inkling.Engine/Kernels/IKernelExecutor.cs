namespace Inkling.Engine;

/// <summary>Decides how calls are run where they aren't simply run at once, on the thread that asks.</summary>
internal interface IKernelExecutor
{
    /// <summary>Threads that may work on one call; each has scratch memory of its own.</summary>
    int Threads { get; }

    /// <summary>Sees to it that every part of the call is run, by <see cref="KernelSet.RunPart"/>, before it returns.</summary>
    void Run<TCall>(KernelSet kernels, in TCall call)
        where TCall : struct, IKernelCall;
}
