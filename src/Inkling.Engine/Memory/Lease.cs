namespace Inkling.Engine;

/// <summary>
/// Keeps native memory while calls use it. Every public call enters; <c>Dispose</c> closes, which refuses new calls and waits for those in
/// progress.
/// </summary>
/// <param name="owner">Whose memory it is: named in exceptions, and not collected while a call is inside.</param>
/// <remarks>To enter and to leave costs an interlocked instruction each and allocates nothing.</remarks>
internal sealed class Lease(object owner)
{
    /// <summary>Added to the number of calls to say that no more may enter.</summary>
    private const int Closed = int.MinValue;

    /// <summary>Calls, of any owner, that this thread works for.</summary>
    [ThreadStatic]
    private static int CallsOfThread;

    private readonly object _left = new();
    private int _calls;
    private int _isAlone;

    private string Name => owner.GetType().Name;

    /// <summary>Says that the calling thread does nothing but work for calls of other threads.</summary>
    internal static void EnterThread() => CallsOfThread++;

    /// <summary>Begins a call, which ends when the result is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The owner is, or is about to be.</exception>
    internal Call Enter()
    {
        if (Interlocked.Increment(ref _calls) < 0)
        {
            Leave();
            throw new ObjectDisposedException(owner.GetType().FullName);
        }

        CallsOfThread++;
        return new Call(this);
    }

    /// <summary>Begins a call that bears no other of its kind beside it.</summary>
    /// <exception cref="InvalidOperationException">Another is in progress.</exception>
    /// <exception cref="ObjectDisposedException">The owner is, or is about to be.</exception>
    internal Call EnterAlone()
    {
        Call call = Enter();
        if (Interlocked.Exchange(ref _isAlone, 1) != 0)
        {
            call.Dispose();
            throw new InvalidOperationException(
                $"{Name}: expected one call at a time, got a second one while the first is in progress. Give every thread a {Name} of its own.");
        }

        return new Call(this, isAlone: true);
    }

    /// <summary>Refuses new calls and waits until those in progress have left.</summary>
    /// <returns>Whether the caller is to free the memory; false for all but the first.</returns>
    /// <exception cref="InvalidOperationException">It would wait for the very call that it is called from.</exception>
    internal bool Close()
    {
        if (!TryRefuse())
        {
            return false;
        }

        lock (_left)
        {
            while (Volatile.Read(ref _calls) != Closed)
            {
                Monitor.Wait(_left);
            }
        }

        return true;
    }

    private bool TryRefuse()
    {
        for (int calls = Volatile.Read(ref _calls); calls >= 0;)
        {
            if (calls > 0 && CallsOfThread > 0)
            {
                throw new InvalidOperationException(
                    $"{Name}: expected Dispose when its calls have returned, got it from inside of one, for which it would wait for ever. "
                    + "Dispose of it outside of image sources and work items.");
            }

            int found = Interlocked.CompareExchange(ref _calls, calls + Closed, calls);
            if (found == calls)
            {
                return true;
            }

            calls = found;
        }

        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _calls) == Closed)
        {
            lock (_left)
            {
                Monitor.PulseAll(_left);
            }
        }
    }

    /// <summary>A call in progress; the default is none.</summary>
    internal readonly ref struct Call(Lease? lease, bool isAlone = false)
    {
        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            if (lease is null)
            {
                return;
            }

            if (isAlone)
            {
                Volatile.Write(ref lease._isAlone, 0);
            }

            CallsOfThread--;
            lease.Leave();
        }
    }
}
