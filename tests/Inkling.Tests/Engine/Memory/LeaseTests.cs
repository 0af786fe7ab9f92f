using Inkling.Engine;

namespace Inkling.Tests.Engine.Memory;

public sealed class LeaseTests
{
    private readonly Lease _lease = new(new Version());

    [Fact]
    public void Enter_Closed_ThrowsNamingTheOwner()
    {
        Assert.True(_lease.Close());

        var thrown = Assert.Throws<ObjectDisposedException>(EnterAndLeave);
        Assert.Equal("System.Version", thrown.ObjectName);
        Assert.Throws<ObjectDisposedException>(EnterAndLeave);
    }

    [Fact]
    public void Close_Twice_LetsTheFirstFree()
    {
        Assert.True(_lease.Close());

        Assert.False(_lease.Close());
    }

    [Fact]
    public void Close_WhileACallIsInProgress_RefusesOthersAndWaitsForIt()
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        bool hasLeft = false;
        var inside = new Thread(() =>
        {
            using Lease.Call call = _lease.Enter();
            entered.Set();
            leave.Wait();
            Volatile.Write(ref hasLeft, true);
        });
        inside.Start();
        entered.Wait(TestContext.Current.CancellationToken);
        bool hadLeft = false;
        var closing = new Thread(() =>
        {
            _lease.Close();
            hadLeft = Volatile.Read(ref hasLeft);
        });

        closing.Start();
        SpinWait.SpinUntil(IsClosed);
        Assert.True(closing.IsAlive);
        leave.Set();
        closing.Join();

        Assert.True(hadLeft);
        inside.Join();
    }

    [Fact]
    public void Close_FromInsideACall_ThrowsInsteadOfWaitingForItself()
    {
        CloseInside();

        EnterAndLeave();
        Assert.True(_lease.Close());

        void CloseInside()
        {
            using Lease.Call call = _lease.Enter();
            Assert.Throws<InvalidOperationException>(() => _lease.Close());
        }
    }

    [Fact]
    public void EnterAlone_BesideAnother_ThrowsUntilThatHasLeft()
    {
        EnterTwice();

        EnterAlone();

        void EnterTwice()
        {
            using Lease.Call call = _lease.EnterAlone();
            var thrown = Assert.Throws<InvalidOperationException>(EnterAlone);
            Assert.Contains("Version: expected one call at a time", thrown.Message, StringComparison.Ordinal);
        }

        void EnterAlone()
        {
            using Lease.Call call = _lease.EnterAlone();
        }
    }

    [Fact]
    public void Enter_OnceWarm_AllocatesNothing()
    {
        EnterAndLeave();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            EnterAndLeave();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void EnterAndLeave()
    {
        using Lease.Call call = _lease.Enter();
    }

    private bool IsClosed()
    {
        try
        {
            EnterAndLeave();
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
