namespace Inkling.Tests.Architecture;

/// <summary>
/// Which namespace may use which (docs: the way of the data). Earlier lines never use later ones. <c>A.B.*</c> is A.B and all
/// beneath it; of lines the longest that fits speaks for a namespace.
/// </summary>
internal static class AllowedArrows
{
    internal static IReadOnlyList<(string Name, string[] MayUse)> Table { get; } =
    [
        ("Inkling.Engine.Errors", []),
        ("Inkling.Engine.Memory", []),
        ("Inkling.Engine.Numerics", []),
        ("Inkling.Engine.Randomness", []),
        ("Inkling.Engine.Kernels", ["Inkling.Engine.Memory"]),
        ("Inkling.Engine.Schedules", ["Inkling.Engine.Numerics"]),
        ("Inkling.Engine.Losses", ["Inkling.Engine.Memory", "Inkling.Engine.Numerics"]),
        ("Inkling.Engine.Layers",
            ["Inkling.Engine.Errors", "Inkling.Engine.Memory", "Inkling.Engine.Numerics", "Inkling.Engine.Randomness",
                "Inkling.Engine.Kernels"]),
        ("Inkling.Engine",
            ["Inkling.Engine.Errors", "Inkling.Engine.Memory", "Inkling.Engine.Randomness", "Inkling.Engine.Kernels",
                "Inkling.Engine.Layers"]),
        ("Inkling.Engine.Optimizers",
            ["Inkling.Engine.Memory", "Inkling.Engine.Kernels", "Inkling.Engine.Layers", "Inkling.Engine"]),
        ("Inkling.Engine.Execution",
            ["Inkling.Engine.Errors", "Inkling.Engine.Memory", "Inkling.Engine.Kernels", "Inkling.Engine.Losses", "Inkling.Engine.Layers",
                "Inkling.Engine", "Inkling.Engine.Optimizers"]),
        ("Inkling.Engine.Benchmarking", ["Inkling.Engine.*"]),

        ("Inkling.Serialization", ["Inkling.Engine.Errors"]),
        ("Inkling.Imaging", ["Inkling.Engine.Errors"]),
        ("Inkling.Networks", ["Inkling.Engine.*", "Inkling.Serialization"]),
        ("Inkling.Preprocessing", ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Imaging"]),
        ("Inkling.Packages", ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Networks", "Inkling.Preprocessing"]),
        ("Inkling.Hub", ["Inkling.Engine.Errors", "Inkling.Serialization", "Inkling.Packages"]),
        ("Inkling", ["Inkling.Engine.*", "Inkling.Imaging", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Hub"]),
        ("Inkling.Mnist", []),
        ("Inkling.Duplicates", ["Inkling.Engine.*", "Inkling.Imaging"]),
        ("Inkling.Data", ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Imaging", "Inkling.Preprocessing", "Inkling.Duplicates"]),
        ("Inkling.Data.Idx", ["Inkling.Data"]),
        ("Inkling.Data.Pictures", ["Inkling.Engine.*", "Inkling.Imaging", "Inkling.Duplicates", "Inkling.Data"]),
        ("Inkling.Data.Folders", ["Inkling.Imaging", "Inkling.Data", "Inkling.Data.Pictures"]),
        ("Inkling.Data.Parquet", ["Inkling.Data", "Inkling.Data.Idx", "Inkling.Data.Pictures"]),
        ("Inkling.Data.Downloads", ["Inkling.Data", "Inkling.Data.Idx"]),
        ("Inkling.Data.Sources",
            ["Inkling.Hub", "Inkling.Mnist", "Inkling.Data", "Inkling.Data.Idx", "Inkling.Data.Folders", "Inkling.Data.Parquet",
                "Inkling.Data.Downloads"]),
        ("Inkling.Statistics", ["Inkling.Engine.*"]),
        ("Inkling.Rendering", ["Inkling.Engine.*"]),
        ("Inkling.Augmentation", ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Preprocessing", "Inkling.Data"]),
        ("Inkling.Quality",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Preprocessing", "Inkling.Duplicates", "Inkling.Data",
                "Inkling.Statistics", "Inkling.Rendering"]),
        ("Inkling.Evaluation", ["Inkling.Engine.*", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Data", "Inkling.Statistics"]),
        ("Inkling.Evaluation.Explanations",
            ["Inkling.Engine.*", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Data", "Inkling.Evaluation"]),
        ("Inkling.Evaluation.Robustness",
            ["Inkling.Engine.*", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Data", "Inkling.Statistics", "Inkling.Rendering",
                "Inkling.Evaluation"]),
        ("Inkling.Training.Recipes",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Networks", "Inkling.Preprocessing", "Inkling.Augmentation"]),
        ("Inkling.Training",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Data",
                "Inkling.Rendering", "Inkling.Augmentation", "Inkling.Evaluation", "Inkling.Training.Recipes"]),
        ("Inkling.Publishing.Files",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Data",
                "Inkling.Statistics", "Inkling.Quality", "Inkling.Evaluation", "Inkling.Evaluation.Robustness",
                "Inkling.Training.Recipes", "Inkling.Training"]),
        ("Inkling.Publishing.Onnx.Schema", []),
        ("Inkling.Publishing.Onnx",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Imaging", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Publishing.Onnx.Schema"]),
        ("Inkling.Publishing.Card",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Networks", "Inkling.Preprocessing", "Inkling.Packages",
                "Inkling.Data", "Inkling.Augmentation", "Inkling.Training.Recipes", "Inkling.Publishing.Files"]),
        ("Inkling.Publishing.Report",
            ["Inkling.Packages", "Inkling.Duplicates", "Inkling.Data", "Inkling.Statistics", "Inkling.Rendering", "Inkling.Evaluation",
                "Inkling.Evaluation.Explanations", "Inkling.Training.Recipes", "Inkling.Training", "Inkling.Publishing.Files",
                "Inkling.Publishing.Card"]),
        ("Inkling.Publishing",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Hub", "Inkling.Data",
                "Inkling.Rendering", "Inkling.Quality", "Inkling.Evaluation", "Inkling.Evaluation.Explanations",
                "Inkling.Evaluation.Robustness", "Inkling.Training.Recipes", "Inkling.Training", "Inkling.Publishing.Files",
                "Inkling.Publishing.Onnx", "Inkling.Publishing.Card", "Inkling.Publishing.Report"]),
        ("Inkling.Verification",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Imaging", "Inkling.Packages", "Inkling.Data", "Inkling.Statistics",
                "Inkling.Augmentation", "Inkling.Evaluation", "Inkling.Training.Recipes", "Inkling.Training", "Inkling.Publishing.Files",
                "Inkling.Publishing.Card", "Inkling.Publishing.Report", "Inkling.Publishing"]),
        ("Inkling.Studies",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Packages", "Inkling.Data", "Inkling.Statistics",
                "Inkling.Training.Recipes", "Inkling.Training", "Inkling.Publishing.Files", "Inkling.Publishing"]),
        ("Inkling.Diagnostics",
            ["Inkling.Engine.*", "Inkling.Serialization", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Data",
                "Inkling.Evaluation", "Inkling.Training.Recipes", "Inkling.Training"]),
        ("Inkling.Space",
            ["Inkling.Serialization", "Inkling.Preprocessing", "Inkling.Packages", "Inkling.Hub", "Inkling.Training.Recipes",
                "Inkling.Publishing.Files", "Inkling.Publishing"]),

        ("Inkling.Cli.Display",
            ["Inkling.Evaluation", "Inkling.Evaluation.Robustness", "Inkling.Hub", "Inkling.Packages", "Inkling.Publishing",
                "Inkling.Quality", "Inkling.Serialization", "Inkling.Statistics", "Inkling.Studies", "Inkling.Training",
                "Inkling.Training.Recipes", "Inkling.Verification"]),
        ("Inkling.Cli.Onnx",
            ["Inkling.Data", "Inkling.Data.Downloads", "Inkling.Engine.*", "Inkling.Packages", "Inkling.Preprocessing",
                "Inkling.Publishing", "Inkling.Publishing.Onnx"]),
        ("Inkling.Cli.Commands",
            ["Inkling", "Inkling.Cli.Display", "Inkling.Cli.Onnx", "Inkling.Data", "Inkling.Data.Sources", "Inkling.Diagnostics",
                "Inkling.Engine.*", "Inkling.Evaluation", "Inkling.Evaluation.Robustness", "Inkling.Hub", "Inkling.Imaging",
                "Inkling.Packages", "Inkling.Preprocessing", "Inkling.Publishing", "Inkling.Publishing.Files", "Inkling.Publishing.Onnx",
                "Inkling.Quality", "Inkling.Serialization", "Inkling.Space", "Inkling.Studies", "Inkling.Training",
                "Inkling.Training.Recipes", "Inkling.Verification"]),
        ("Inkling.Cli",
            ["Inkling.Cli.Commands", "Inkling.Cli.Display", "Inkling.Cli.Onnx", "Inkling.Data", "Inkling.Engine.*", "Inkling.Hub",
                "Inkling.Imaging", "Inkling.Serialization", "Inkling.Studies", "Inkling.Training", "Inkling.Training.Recipes"]),
        (ArrowMap.NoNamespace, ["Inkling.Cli", "Inkling.Cli.Display"]),
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
