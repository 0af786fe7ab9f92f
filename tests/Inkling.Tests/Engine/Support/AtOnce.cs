using System.Collections.Concurrent;

namespace Inkling.Tests.Engine.Support;

/// <summary>Threads that begin together, for tests of what several callers share.</summary>
internal static class AtOnce
{
    /// <summary>Runs the body on each of some threads, and returns when all have ended.</summary>
    /// <param name="threads">How many.</param>
    /// <param name="body">Called with the thread's number, from 0.</param>
    /// <exception cref="AggregateException">What bodies threw.</exception>
    internal static void Run(int threads, Action<int> body)
    {
        using var start = new Barrier(threads);
        var failures = new ConcurrentQueue<Exception>();
        Thread[] started = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                body(number);
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        }))];
        Array.ForEach(started, thread => thread.Start());
        Array.ForEach(started, thread => thread.Join());
        if (!failures.IsEmpty)
        {
            throw new AggregateException(failures);
        }
    }
}
