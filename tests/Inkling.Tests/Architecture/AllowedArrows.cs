namespace Inkling.Tests.Architecture;

/// <summary>
/// Which namespace may use which (docs: the way of the data). Earlier lines never use later ones. <c>A.B.*</c> is A.B and all
/// beneath it; of lines the longest that fits speaks for a namespace.
/// </summary>
internal static class AllowedArrows
{
    internal static IReadOnlyList<(string Name, string[] MayUse)> Table { get; } =
    [
        ("Inkling.Engine.Memory", []),
        ("Inkling.Engine.Numerics", []),
        ("Inkling.Engine.Randomness", []),
        ("Inkling.Engine.Kernels", ["Inkling.Engine.Memory"]),
        ("Inkling.Engine.Schedules", ["Inkling.Engine.Numerics"]),
        ("Inkling.Engine.Losses", ["Inkling.Engine.Memory", "Inkling.Engine.Numerics"]),
        ("Inkling.Engine.Layers",
            ["Inkling.Engine.Memory", "Inkling.Engine.Numerics", "Inkling.Engine.Randomness", "Inkling.Engine.Kernels"]),
        ("Inkling.Engine", ["Inkling.Engine.Memory", "Inkling.Engine.Randomness", "Inkling.Engine.Kernels", "Inkling.Engine.Layers"]),
        ("Inkling.Engine.Optimizers", ["Inkling.Engine.Memory", "Inkling.Engine.Kernels", "Inkling.Engine.Layers", "Inkling.Engine"]),
        ("Inkling.Engine.Execution",
            ["Inkling.Engine.Memory", "Inkling.Engine.Kernels", "Inkling.Engine.Losses", "Inkling.Engine.Layers", "Inkling.Engine",
                "Inkling.Engine.Optimizers"]),
        ("Inkling.Engine.Benchmarking", ["Inkling.Engine.*"]),

        ("Inkling.Mnist", []),
        ("Inkling.Serialization", ["Inkling.Engine.*"]),
        ("Inkling.Data.*", ["Inkling.Engine.*", "Inkling.Mnist", "Inkling.Serialization"]),
        ("Inkling.Reporting", ["Inkling.Engine.*"]),
        ("Inkling.Augmentation", ["Inkling.Engine.*", "Inkling.Data.*"]),
        ("Inkling.Quality.*", ["Inkling.Engine.*", "Inkling.Data.*", "Inkling.Augmentation", "Inkling.Serialization", "Inkling.Reporting"]),
        ("Inkling.Evaluation.*", ["Inkling.Engine.*", "Inkling.Data.*", "Inkling.Augmentation", "Inkling.Reporting"]),
        ("Inkling.Training.*",
            ["Inkling.Engine.*", "Inkling.Data.*", "Inkling.Augmentation", "Inkling.Evaluation.*", "Inkling.Serialization",
                "Inkling.Reporting"]),
        ("Inkling.Packaging.*",
            ["Inkling.Engine.*", "Inkling.Data.*", "Inkling.Quality.*", "Inkling.Augmentation", "Inkling.Evaluation.*",
                "Inkling.Training.*", "Inkling.Serialization", "Inkling.Reporting"]),
        ("Inkling.Verification",
            ["Inkling.Engine.*", "Inkling.Data.*", "Inkling.Augmentation", "Inkling.Evaluation.*", "Inkling.Training.*",
                "Inkling.Packaging.*", "Inkling.Serialization"]),
        ("Inkling.Studies",
            ["Inkling.Engine.*", "Inkling.Data.*", "Inkling.Evaluation.*", "Inkling.Training.*", "Inkling.Packaging.*",
                "Inkling.Serialization"]),
        ("Inkling.Hub", ["Inkling.Data.*", "Inkling.Training.*", "Inkling.Packaging.*", "Inkling.Serialization"]),
        ("Inkling",
            ["Inkling.Engine.*", "Inkling.Data.*", "Inkling.Augmentation", "Inkling.Evaluation.*", "Inkling.Training.*",
                "Inkling.Packaging.*", "Inkling.Hub"]),
        ("Inkling.Diagnostics",
            ["Inkling.Engine.*", "Inkling.Data.*", "Inkling.Evaluation.*", "Inkling.Training.*", "Inkling.Serialization"]),
        ("Inkling.Cli.*", ["Inkling.*"]),
        (ArrowMap.NoNamespace, ["Inkling.*"]),
    ];

    /// <summary>Whether the table has room for an arrow.</summary>
    internal static bool Allows(Arrow arrow)
    {
        int from = RowOf(arrow.FromNamespace);
        return from >= 0
            && (from == RowOf(arrow.ToNamespace) || Table[from].MayUse.Any(pattern => Covers(pattern, arrow.ToNamespace)));
    }

    /// <summary>The index of the row that speaks of a namespace; -1 if none does.</summary>
    internal static int RowOf(string name) => Enumerable.Range(0, Table.Count)
        .Where(row => Covers(Table[row].Name, name))
        .DefaultIfEmpty(-1)
        .MaxBy(row => row < 0 ? 0 : Table[row].Name.Length);

    internal static bool Covers(string pattern, string name) => pattern.EndsWith(".*", StringComparison.Ordinal)
        ? name == pattern[..^2] || name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : name == pattern;
}
