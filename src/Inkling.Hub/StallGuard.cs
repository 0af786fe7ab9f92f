namespace Inkling.Hub;

/// <summary>Cancels a transfer that stands still: every sign of life starts its time afresh.</summary>
internal sealed class StallGuard : IDisposable
{
    private readonly CancellationTokenSource _source;

    internal StallGuard(TimeSpan patience, CancellationToken cancellation)
    {
        Patience = patience;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _source.CancelAfter(patience);
    }

    /// <summary>How long it waits.</summary>
    internal TimeSpan Patience { get; private set; }

    /// <summary>Cancelled when time is up, or from outside.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>Something has moved.</summary>
    internal void Reset() => _source.CancelAfter(Patience);

    /// <summary>From now on waits so long.</summary>
    internal void Reset(TimeSpan patience)
    {
        Patience = patience;
        Reset();
    }

    public void Dispose() => _source.Dispose();
}
