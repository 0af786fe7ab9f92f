using System.Text.RegularExpressions;

namespace Inkling.Tests.Architecture;

/// <summary>The arrows between namespaces point one way (docs: the way of the data); read from the source files themselves.</summary>
public sealed partial class LayeringTests
{
    /// <summary>A part of the code, and the parts it may use besides itself. Earlier lines never use later ones.</summary>
    private static readonly (string Part, string[] MayUse)[] Allowed =
    [
        ("Inkling.Engine.Memory", []),
        ("Inkling.Engine.Numerics", []),
        ("Inkling.Engine.Randomness", []),
        ("Inkling.Engine.Kernels", ["Inkling.Engine.Memory"]),
        ("Inkling.Engine.Schedules", ["Inkling.Engine.Numerics"]),
        ("Inkling.Engine.Losses", ["Inkling.Engine.Memory", "Inkling.Engine.Numerics"]),
        ("Inkling.Engine.Layers", ["Inkling.Engine.Memory", "Inkling.Engine.Numerics", "Inkling.Engine.Randomness", "Inkling.Engine.Kernels"]),
        ("Inkling.Engine", ["Inkling.Engine.Memory", "Inkling.Engine.Randomness", "Inkling.Engine.Kernels", "Inkling.Engine.Layers"]),
        ("Inkling.Engine.Optimizers", ["Inkling.Engine.Memory", "Inkling.Engine.Kernels", "Inkling.Engine.Layers", "Inkling.Engine"]),
        ("Inkling.Engine.Execution",
            ["Inkling.Engine.Memory", "Inkling.Engine.Kernels", "Inkling.Engine.Losses", "Inkling.Engine.Layers", "Inkling.Engine", "Inkling.Engine.Optimizers"]),
        ("Inkling.Engine.Benchmarking", ["Inkling.Engine.*"]),
        ("Inkling.Engine.Generators", []),

        ("Inkling.Mnist", []),
        ("Inkling.Serialization", ["Inkling.Engine.*"]),
        ("Inkling.Data", ["Inkling.Engine.*", "Inkling.Mnist", "Inkling.Serialization"]),
        ("Inkling.Reporting", ["Inkling.Engine.*"]),
        ("Inkling.Augmentation", ["Inkling.Engine.*", "Inkling.Data"]),
        ("Inkling.Quality", ["Inkling.Engine.*", "Inkling.Data", "Inkling.Augmentation", "Inkling.Serialization", "Inkling.Reporting"]),
        ("Inkling.Evaluation", ["Inkling.Engine.*", "Inkling.Data", "Inkling.Augmentation", "Inkling.Serialization", "Inkling.Reporting"]),
        ("Inkling.Training",
            ["Inkling.Engine.*", "Inkling.Data", "Inkling.Augmentation", "Inkling.Evaluation", "Inkling.Serialization", "Inkling.Reporting"]),
        ("Inkling.Packaging",
            ["Inkling.Engine.*", "Inkling.Data", "Inkling.Quality", "Inkling.Augmentation", "Inkling.Evaluation", "Inkling.Training", "Inkling.Serialization", "Inkling.Reporting"]),
        ("Inkling.Verification",
            ["Inkling.Engine.*", "Inkling.Data", "Inkling.Augmentation", "Inkling.Evaluation", "Inkling.Training", "Inkling.Packaging", "Inkling.Serialization"]),
        ("Inkling.Studies",
            ["Inkling.Engine.*", "Inkling.Data", "Inkling.Evaluation", "Inkling.Training", "Inkling.Packaging", "Inkling.Serialization"]),
        ("Inkling.Hub", ["Inkling.Data", "Inkling.Training", "Inkling.Packaging", "Inkling.Serialization"]),
        ("Inkling", ["Inkling.Engine.*", "Inkling.Data", "Inkling.Augmentation", "Inkling.Evaluation", "Inkling.Training", "Inkling.Packaging", "Inkling.Hub"]),
        ("Inkling.Diagnostics", ["Inkling.Engine.*", "Inkling.Data", "Inkling.Evaluation", "Inkling.Training", "Inkling.Serialization", "Inkling"]),
        ("Inkling.Cli", ["Inkling.*"]),
        ("Inkling.Web", ["Inkling.*"]),
    ];

    public static TheoryData<string> Parts => [.. SourceFiles().Select(file => PartOf(NamespaceOf(file))).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Part_UsesOnlyWhatTheTableAllows(string part)
    {
        string[] mayUse = [part, .. Allowed.Single(row => row.Part == part).MayUse];
        var backward = from file in SourceFiles()
                       where PartOf(NamespaceOf(file)) == part
                       from line in File.ReadLines(file)
                       let used = UsedNamespace().Match(line)
                       where used.Success && !mayUse.Any(allowed => Covers(allowed, used.Groups["name"].Value))
                       select $"{Path.GetFileName(file)}: {line.Trim()}";

        Assert.Empty(backward);
    }

    [Fact]
    public void Table_NeverLooksForward()
    {
        var seen = new HashSet<string>();
        foreach ((string part, string[] mayUse) in Allowed)
        {
            Assert.All(mayUse, used => Assert.True(used.EndsWith('*') || seen.Contains(used), $"{part} → {used}"));
            seen.Add(part);
        }
    }

    [Fact]
    public void Table_FindsTheSourceFiles()
    {
        Assert.Contains("Inkling.Engine.Kernels", Parts.Select(row => row.Data));
        Assert.Contains("Inkling.Data", Parts.Select(row => row.Data));
    }

    /// <summary>"A.B.*" covers everything under A.B; a part covers itself and its sub-namespaces that are no parts of their own; what lies under Inkling needs a line.</summary>
    private static bool Covers(string allowed, string used) => allowed.EndsWith('*')
        ? used.StartsWith(allowed[..^2], StringComparison.Ordinal)
        : PartOf(used) == allowed;

    private static string PartOf(string name) => Allowed.Select(row => row.Part)
        .Where(part => name == part || (part != "Inkling" && name.StartsWith(part + ".", StringComparison.Ordinal)))
        .MaxBy(part => part.Length) ?? name;

    private static string NamespaceOf(string file) => File.ReadLines(file)
        .Select(line => DeclaredNamespace().Match(line))
        .FirstOrDefault(match => match.Success)?.Groups["name"].Value ?? Path.GetFileName(Path.GetDirectoryName(file)!);

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("Inkling.Engine.Generators", StringComparison.Ordinal));

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Inkling.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Inkling.slnx: not above the tests");
        }

        return folder;
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)")]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex(@"^(global )?using (static |\w+ = )?(?<name>Inkling[\w.]*)")]
    private static partial Regex UsedNamespace();
}
