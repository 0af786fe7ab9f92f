using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Execution;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 100)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(7, 1000)]
    public void Run_AnyNumberOfItems_RunsEachOnce(int size, int items)
    {
        using var team = new WorkerTeam(size);
        int[] runs = new int[items];

        team.Run(items, (_, item) => Interlocked.Increment(ref runs[item]));

        Assert.All(runs, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Run_TenThousandTimes_RunsEveryItemEveryTime()
    {
        using var team = new WorkerTeam(4);
        int total = 0;
        Action<int, int> work = (_, _) => Interlocked.Increment(ref total);

        for (int i = 0; i < 10_000; i++)
        {
            team.Run(i % 9, work);
        }

        Assert.Equal(Enumerable.Range(0, 10_000).Sum(i => i % 9), total);
    }

    [Fact]
    public void Run_ManyItems_GivesAWorkerOneItemAtATime()
    {
        using var team = new WorkerTeam(5);
        int[] busy = new int[team.Size];
        int collisions = 0;

        team.Run(2000, (worker, _) =>
        {
            collisions += Interlocked.Increment(ref busy[worker]) == 1 ? 0 : 1;
            Thread.SpinWait(20);
            Interlocked.Decrement(ref busy[worker]);
        });

        Assert.Equal(0, collisions);
    }

    [Fact]
    public void Run_AsManyWaitingItemsAsThreads_UsesEveryThread()
    {
        using var team = new WorkerTeam(4);
        using var barrier = new Barrier(team.Size);
        int[] workers = new int[team.Size];

        team.Run(team.Size, (worker, item) =>
        {
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            workers[item] = worker;
        });

        Assert.Equal([0, 1, 2, 3], workers.Order());
    }

    [Fact]
    public void Run_SeveralThreadsAtOnce_RunsEachCallsItemsOnceAndAWorkersOneAtATime()
    {
        using var team = new WorkerTeam(3);

        AtOnce.Run(8, thread =>
        {
            for (int call = 0; call < 300; call++)
            {
                int[] runs = new int[call % 9];
                int[] busy = new int[team.Size];
                int collisions = 0;
                team.Run(runs.Length, (worker, item) =>
                {
                    collisions += Interlocked.Increment(ref busy[worker]) == 1 ? 0 : 1;
                    Interlocked.Increment(ref runs[item]);

                    // Even one processor is to find itself in the middle of several calls.
                    Thread.Yield();
                    Interlocked.Decrement(ref busy[worker]);
                });

                Assert.All(runs, count => Assert.Equal(1, count));
                Assert.Equal(0, collisions);
            }
        });
    }

    [Fact]
    public void Run_WhileTheTeamIsBusy_DoesItsItemsOnTheCallingThread()
    {
        using var team = new WorkerTeam(2);
        using var taken = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var first = new Thread(() => team.Run(2, (_, _) =>
        {
            taken.Set();
            done.Wait();
        }));
        first.Start();
        taken.Wait(TestContext.Current.CancellationToken);
        var threads = new Thread[5];

        team.Run(5, (_, item) => threads[item] = Thread.CurrentThread);
        done.Set();
        first.Join();

        Assert.All(threads, thread => Assert.Same(Thread.CurrentThread, thread));
    }

    [Fact]
    public void Run_FromInsideAnItem_RunsEveryItem()
    {
        using var team = new WorkerTeam(3);
        int[] runs = new int[12];

        team.Run(3, (_, outer) => team.Run(4, (_, inner) => Interlocked.Increment(ref runs[4 * outer + inner])));

        Assert.All(runs, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Run_AnItemThrows_ThrowsItAndCanBeUsedAgain(int size)
    {
        using var team = new WorkerTeam(size);
        int runs = 0;

        var thrown = Assert.Throws<InvalidTimeZoneException>(() => team.Run(50, (_, item) =>
        {
            if (item == 17)
            {
                throw new InvalidTimeZoneException("item 17");
            }
        }));
        team.Run(50, (_, _) => Interlocked.Increment(ref runs));

        Assert.Equal("item 17", thrown.Message);
        Assert.Equal(50, runs);
    }

    [Fact]
    public void Run_AnItemThrows_ReturnsOnlyWhenAllThreadsRest()
    {
        using var team = new WorkerTeam(3);
        using var othersStarted = new CountdownEvent(2);
        int running = 0;

        Assert.Throws<InvalidTimeZoneException>(() => team.Run(3, (_, item) =>
        {
            if (item == 0)
            {
                othersStarted.Wait(TestContext.Current.CancellationToken);
                throw new InvalidTimeZoneException();
            }

            Interlocked.Increment(ref running);
            othersStarted.Signal();
            Thread.SpinWait(200_000);
            Interlocked.Decrement(ref running);
        }));

        Assert.Equal(0, running);
    }

    [Fact]
    public void Dispose_AfterWork_EndsItsThreads()
    {
        var team = new WorkerTeam(3);
        using var barrier = new Barrier(3);
        var threads = new Thread[3];
        team.Run(3, (_, item) =>
        {
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            threads[item] = Thread.CurrentThread;
        });

        team.Dispose();

        Assert.Equal(2, threads.Count(thread => !thread.IsAlive));
    }

    [Fact]
    public void New_NoThreads_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeam(0));
    }
}
