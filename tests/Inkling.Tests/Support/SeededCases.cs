using CsCheck;

namespace Inkling.Tests.Support;

/// <summary>Property tests that draw the same cases every time.</summary>
/// <remarks>CsCheck's own <c>Sample</c> applies a seed to its first iteration only; the others are random.</remarks>
internal static class SeededCases
{
    /// <summary>Asserts on <paramref name="count"/> cases; a failure names the case and its index.</summary>
    public static void ForAll<T>(this Gen<T> gen, string seed, int count, Action<T> assert) =>
        Assert.All(gen.Array[count].Single(_ => true, seed), assert);
}
