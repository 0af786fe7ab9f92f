namespace Inkling.Tests.Architecture;

/// <summary>The arrows that start in one file, and the places in it of names that the compiler can't resolve.</summary>
internal sealed record FileArrows(IReadOnlyList<Arrow> Arrows, IReadOnlyList<string> Unresolved);
