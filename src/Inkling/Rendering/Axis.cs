using System.Globalization;
using Inkling.Engine;

namespace Inkling.Rendering;

/// <summary>One direction of a chart: what it counts, from where to where, and where it is marked.</summary>
/// <param name="Title">What is counted, with its unit.</param>
/// <param name="Low">The least value drawn.</param>
/// <param name="High">The largest, above <paramref name="Low"/>.</param>
/// <param name="Ticks">Marked values.</param>
/// <param name="IsLogarithmic">Equal ratios are equally far apart; then <paramref name="Low"/> is above 0.</param>
internal sealed record Axis(string Title, double Low, double High, IReadOnlyList<double> Ticks, bool IsLogarithmic = false)
{
    /// <summary>Steps that people count in.</summary>
    private static readonly double[] RoundSteps = [1, 2, 5];

    /// <summary>Equal steps, marked at round values.</summary>
    /// <param name="title">What is counted.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The largest.</param>
    /// <param name="mostTicks">How many marks there is room for.</param>
    internal static Axis Linear(string title, double low, double high, int mostTicks = 6)
    {
        double step = Steps().First(step => (high - low) / step < mostTicks);
        double first = Math.Ceiling(low / step - 1e-9);
        return new Axis(
            title, low, high, [.. Enumerable.Range(0, mostTicks + 1).Select(i => (first + i) * step).TakeWhile(
                tick => tick <= high + 1e-9 * step)]);
    }

    /// <summary>Equal ratios, marked at 1, 2 and 5 of each power of ten; or at the powers alone where those are many.</summary>
    /// <param name="title">What is counted.</param>
    /// <param name="values">What has to be on it; of values that aren't above 0 there is no logarithm, they are drawn at the low
    /// end.</param>
    internal static Axis Logarithmic(string title, IReadOnlyCollection<double> values)
    {
        double least = values.Where(value => value > 0).DefaultIfEmpty(1).Min();
        double most = values.Where(value => value > 0).DefaultIfEmpty(1).Max();
        double[] steps = [.. Steps().TakeWhile(step => step < 1e9)];
        double low = steps.Last(step => step <= least || step == steps[0]);
        double high = steps.First(step => step >= most && step > low);
        double[] ticks = [.. steps.Where(step => step >= low && step <= high)];
        return new Axis(title, low, high, ticks.Length <= 9 ? ticks : [.. ticks.Where((_, i) => Array.IndexOf(steps, ticks[i]) % 3 == 0)],
            IsLogarithmic: true);
    }

    /// <summary>Where a value lies, from 0 at the low end to 1 at the high end.</summary>
    internal double Place(double value)
    {
        double place = IsLogarithmic
            ? (DeterministicMath.Log(Math.Max(value, Low)) - DeterministicMath.Log(Low))
                / (DeterministicMath.Log(High) - DeterministicMath.Log(Low))
            : (value - Low) / (High - Low);
        return Math.Clamp(place, 0, 1);
    }

    /// <summary>A mark in as few digits as it needs.</summary>
    internal static string Label(double tick) => tick.ToString("0.#####", CultureInfo.InvariantCulture);

    /// <summary>1, 2 and 5 times each power of ten from a hundred-thousandth on.</summary>
    private static IEnumerable<double> Steps()
    {
        // Whole powers are exact, and a quotient of two exact numbers is the double nearest to it.
        for (double divisor = 1e5; divisor > 1; divisor /= 10)
        {
            foreach (double step in RoundSteps)
            {
                yield return step / divisor;
            }
        }

        for (double factor = 1; factor < 1e15; factor *= 10)
        {
            foreach (double step in RoundSteps)
            {
                yield return step * factor;
            }
        }
    }
}
