namespace Inkling.Engine;

/// <summary>
/// Chooses between two ways to the same result by what they took lately: the one that was quicker, and now and then the other to see
/// whether it still isn't. Measured: how long two cores take to tell each other something differs twofold between hosts, and on one
/// host between hours (benchmarks/ladder.md). For one thread at a time.
/// </summary>
internal sealed class QuickerWay
{
    /// <summary>Tries of the other way in a row; the best of them counts, as whatever else runs on the machine only ever adds.</summary>
    internal const int Tries = 4;

    /// <summary>Choices from one look at the other way to the next: few enough tries that a 99th percentile does not see them.</summary>
    internal const int Interval = 2048;

    private readonly long[] _ticks = [long.MaxValue, long.MaxValue];
    private int _quicker = 1;
    private int _choice;

    /// <summary>0 or 1: the way to take now; <see cref="Took"/> is to follow.</summary>
    internal int Choose()
    {
        // Both are looked at in turn, so that neither is judged by a figure of long ago.
        int way = _choice < Tries ? 1 - _quicker : _quicker;
        if (_choice is 0 or Tries)
        {
            _ticks[way] = long.MaxValue;
        }

        return way;
    }

    /// <summary>Notes how long the way of the last <see cref="Choose"/> took.</summary>
    internal void Took(int way, long ticks)
    {
        if (_choice < 2 * Tries)
        {
            _ticks[way] = Math.Min(_ticks[way], ticks);
        }

        if (_choice == 2 * Tries - 1)
        {
            _quicker = _ticks[0] <= _ticks[1] ? 0 : 1;
        }

        _choice = (_choice + 1) % Interval;
    }
}
