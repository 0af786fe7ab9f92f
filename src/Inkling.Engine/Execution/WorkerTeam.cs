using System.Runtime.ExceptionServices;

namespace Inkling.Engine;

/// <summary>
/// Threads that stay for a whole run and share out numbered work items. Which thread takes which item is left to chance;
/// results must not depend on it. The calling thread works too.
/// </summary>
/// <remarks>Any number of threads may ask at once: the first has the whole team, the others do their items themselves meanwhile.</remarks>
public sealed class WorkerTeam : IDisposable
{
    /// <summary>
    /// How often a thread looks for work before it sleeps, some hundred microseconds: waking takes as long as a small layer.
    /// </summary>
    private const int Spins = 8000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ManualResetEventSlim _finished = new(false);
    private readonly Lease _lease;
    private Action<int, int> _work = static (_, _) => { };
    private int _items;
    private int _left;
    private int _completed;
    private int _sleeping;
    private int _isTaken;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="size">Number of threads, the caller's included; at least 1.</param>
    public WorkerTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _lease = new Lease(this);
        _threads = new Thread[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"inkling worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of threads, the caller's included.</summary>
    public int Size { get; }

    /// <summary>Runs items 0 … <paramref name="items"/> − 1 and returns when all are done.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="work">
    /// Called with (worker, item). Worker 0 is the calling thread, the others are threads of the team; a thread runs one item at a time.
    /// Keep the delegate: a new one is garbage.
    /// </param>
    /// <exception cref="Exception">The first exception of an item, after all threads came to rest.</exception>
    /// <exception cref="ObjectDisposedException">The threads have ended.</exception>
    public void Run(int items, Action<int, int> work)
    {
        using Lease.Call call = _lease.Enter();
        RunEntered(items, work);
    }

    /// <summary>Keeps the threads for several runs: the team ends when the result is disposed of, at the earliest.</summary>
    internal Lease.Call Enter() => _lease.Enter();

    /// <summary><see cref="Run"/> for those who have entered.</summary>
    internal void RunEntered(int items, Action<int, int> work)
    {
        // Nobody waits for the team, so that an item may ask for it, too.
        if (items <= 1 || Size == 1 || Interlocked.Exchange(ref _isTaken, 1) != 0)
        {
            RunAlone(items, work);
            return;
        }

        RunTogether(items, work);
        ExceptionDispatchInfo? failure = _failure;
        Volatile.Write(ref _isTaken, 0);
        failure?.Throw();
    }

    private static void RunAlone(int items, Action<int, int> work)
    {
        for (int item = 0; item < items; item++)
        {
            work(0, item);
        }
    }

    private void RunTogether(int items, Action<int, int> work)
    {
        _work = work;
        _items = items;
        _failure = null;
        _completed = 0;
        Volatile.Write(ref _left, items);
        int sleepers = ClaimSleepers(Math.Max(0, items - 1));
        if (sleepers > 0)
        {
            _wake.Release(sleepers);
        }

        // A thread that comes late finds nothing left, and nobody waits for it.
        TakeItems(0);
        for (int spins = 0; spins < Spins && Volatile.Read(ref _completed) < items; spins++)
        {
            Thread.SpinWait(1);
        }

        while (Volatile.Read(ref _completed) < items)
        {
            _finished.Wait();
            _finished.Reset();
        }
    }

    /// <summary>Waits for runs in progress and ends the threads.</summary>
    /// <exception cref="InvalidOperationException">It was called from inside an item.</exception>
    public void Dispose()
    {
        if (!_lease.Close())
        {
            return;
        }

        _stopping = true;
        if (_threads.Length > 0)
        {
            _wake.Release(_threads.Length);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
        _finished.Dispose();
    }

    private void Serve(int worker)
    {
        Lease.EnterThread();
        while (!_stopping)
        {
            for (int spins = 0; spins < Spins && Volatile.Read(ref _left) <= 0; spins++)
            {
                Thread.SpinWait(1);
            }

            if (Volatile.Read(ref _left) <= 0)
            {
                Sleep();
            }

            TakeItems(worker);
        }
    }

    /// <summary>Until somebody wakes this thread, unless work came just before it could be seen asleep.</summary>
    private void Sleep()
    {
        Interlocked.Increment(ref _sleeping);
        if (Volatile.Read(ref _left) <= 0 || ClaimSleepers(1) == 0)
        {
            _wake.Wait();
        }
    }

    /// <summary>Up to <paramref name="most"/> of the sleeping threads, for the caller to wake; nobody else will.</summary>
    private int ClaimSleepers(int most)
    {
        // Whether work was announced and whether anybody sleeps have to be seen in that order on both sides.
        Interlocked.MemoryBarrier();
        for (int sleeping = Volatile.Read(ref _sleeping); ;)
        {
            int claimed = Math.Min(sleeping, most);
            int found = claimed == 0 ? sleeping : Interlocked.CompareExchange(ref _sleeping, sleeping - claimed, sleeping);
            if (found == sleeping)
            {
                return claimed;
            }

            sleeping = found;
        }
    }

    private void TakeItems(int worker)
    {
        for (int item = Interlocked.Decrement(ref _left); item >= 0; item = Interlocked.Decrement(ref _left))
        {
            int completed = 1;
            try
            {
                _work(worker, _items - 1 - item);
            }
#pragma warning disable CA1031 // Whatever an item throws is thrown again where the work was asked for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
                completed += Math.Max(0, Interlocked.Exchange(ref _left, 0));
            }

            if (Interlocked.Add(ref _completed, completed) == _items)
            {
                _finished.Set();
            }
        }
    }
}
