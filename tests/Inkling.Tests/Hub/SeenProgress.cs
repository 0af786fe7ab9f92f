using Inkling.Hub;

namespace Inkling.Tests.Hub;

/// <summary>Everything that a progress bar was told.</summary>
internal sealed class SeenProgress : IProgress<HubProgress>
{
    private readonly List<HubProgress> _seen = [];

    public void Report(HubProgress value)
    {
        lock (_seen)
        {
            _seen.Add(value);
        }
    }

    /// <summary>Asserts that it went up to a number of bytes, with stops on the way, and never beyond.</summary>
    internal void AssertReaches(long bytes)
    {
        Assert.All(_seen, progress => Assert.Equal(bytes, progress.Total));
        Assert.All(_seen, progress => Assert.InRange(progress.Done, 0, bytes));
        Assert.Equal(bytes, _seen[^1].Done);
        Assert.True(_seen.Select(progress => progress.Done).Distinct().Count() > 5);
    }
}
