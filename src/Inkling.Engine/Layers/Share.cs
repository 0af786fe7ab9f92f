namespace Inkling.Engine;

/// <summary>One thread's part of work that any division leaves the same.</summary>
/// <param name="Part">From 0.</param>
/// <param name="Parts">How many there are.</param>
internal readonly record struct Share(int Part, int Parts)
{
    internal static Share Whole => new(0, 1);

    /// <summary>The part's range of so many items.</summary>
    internal (int Start, int End) Of(int items) =>
        ((int)((long)items * Part / Parts), (int)((long)items * (Part + 1) / Parts));
}
