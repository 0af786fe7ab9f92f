using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>One of several parts of work that any division leaves the same.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct WorkPart(int Index, int Count)
{
    internal static WorkPart Whole => new(0, 1);

    /// <summary>The part's range of so many items.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal (int Start, int End) RangeOf(int items) => Count == 1
        ? (0, items)
        : ((int)((long)items * Index / Count), (int)((long)items * (Index + 1) / Count));
}
