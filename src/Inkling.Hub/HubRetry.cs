using System.Globalization;

namespace Inkling.Hub;

/// <summary>Tries again what may go well a little later: five times, after 1, 2, 4, 8 and 8 seconds, or when the Hub says.</summary>
internal sealed class HubRetry(TimeProvider clock)
{
    /// <summary>Somebody waits in front of the screen: a longer wait is theirs to decide on.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan[] Waits = [.. new[] { 1, 2, 4, 8, 8 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    /// <summary>Runs an attempt until it succeeds, fails for good, or has failed six times.</summary>
    /// <param name="attempt">Throws a <see cref="HubException"/> that says whether another attempt makes sense.</param>
    /// <param name="progress">Grows with what has been done: attempts are counted afresh after one that got further.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<T> RunAsync<T>(Func<Task<T>> attempt, Func<long> progress, CancellationToken cancellation)
    {
        long furthest = progress();
        int failures = 0;
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (HubException e) when (e.IsTransient)
            {
                failures = progress() > furthest ? 1 : failures + 1;
                furthest = Math.Max(furthest, progress());
                if (failures > Waits.Length)
                {
                    throw;
                }

                await WaitAsync(e, Waits[failures - 1], cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(HubException error, TimeSpan usual, CancellationToken cancellation)
    {
        if (error.RetryAfter > LongestWait)
        {
            string minutes = Math.Ceiling(error.RetryAfter.Value.TotalMinutes).ToString(CultureInfo.InvariantCulture);
            throw new HubException(
                $"{error.Message} The Hub wants to be left alone for {minutes} minutes: run the same command again then.", error)
            {
                Status = error.Status, RequestId = error.RequestId, ErrorCode = error.ErrorCode,
            };
        }

        await Task.Delay(error.RetryAfter > usual ? error.RetryAfter.Value : usual, clock, cancellation).ConfigureAwait(false);
    }
}
