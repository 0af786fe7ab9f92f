using System.Xml.Linq;
using Inkling.Tests.Support;

namespace Inkling.Tests.Architecture;

/// <summary>What the projects of <c>src</c> reference, and to whom they show their internals.</summary>
public sealed class ProjectTests
{
    /// <summary>A project, and the only projects and packages that it may reference. Earlier lines never use later ones.</summary>
    private static readonly (string Project, string[] Projects, string[] Packages)[] Allowed =
    [
        ("Inkling.Engine", [], []),
        ("Inkling.Inference", ["Inkling.Engine"], ["SkiaSharp", "SkiaSharp.NativeAssets.*"]),
        ("Inkling.Models.Default", ["Inkling.Inference"], []),
        ("Inkling.Hub", ["Inkling.Inference"], []),
        ("Inkling.Mnist", [], []),
        ("Inkling", ["Inkling.Inference", "Inkling.Hub", "Inkling.Mnist"], ["Google.Protobuf", "Parquet.Net"]),
        ("Inkling.Space", ["Inkling"], []),
        ("Inkling.Cli", ["Inkling", "Inkling.Space"], ["Microsoft.ML.OnnxRuntime", "Spectre.Console", "System.CommandLine"]),
    ];

    /// <summary>
    /// What proves the code, and what measures it. Whoever else needs more than the public surface shows that the surface is wrong.
    /// </summary>
    private static readonly string[] Friends = ["Inkling.Tests", "Inkling.Benchmarks"];

    [Fact]
    public void Projects_ReferenceOnlyWhatTheTableAllows()
    {
        var forbidden = from project in Projects()
                        let row = Allowed.FirstOrDefault(row => row.Project == project.Name)
                        let projects = ProjectReferences(project.Xml).Except(row.Projects ?? [])
                        let packages = PackageReferences(project.Xml).Where(name => !IsAllowed(row.Packages ?? [], name))
                        from reference in projects.Concat(packages)
                        select $"{project.Name} → {reference}";

        Offenders.None(forbidden);
    }

    [Fact]
    public void Table_NamesTheProjectsOfSrc()
    {
        Assert.Equal(Projects().Select(project => project.Name).Order(), Allowed.Select(row => row.Project).Order());
    }

    [Fact]
    public void Table_NeverLooksForward()
    {
        for (int row = 0; row < Allowed.Length; row++)
        {
            Assert.Subset(Allowed[..row].Select(earlier => earlier.Project).ToHashSet(), Allowed[row].Projects.ToHashSet());
        }
    }

    [Fact]
    public void Internals_AreVisibleToTestsAndBenchmarksAlone()
    {
        var others = from project in Projects()
                     from friend in Values(project.Xml, "InternalsVisibleTo", "Include")
                     where !Friends.Contains(friend)
                     select $"{project.Name} → {friend}";
        var inCode = SourceCompilation.Files.Where(file => File.ReadAllText(file).Contains("InternalsVisibleTo", StringComparison.Ordinal));

        Offenders.None(others.Concat(inCode));
    }

    /// <summary>The generator runs inside the compiler, so nobody meets what it references.</summary>
    private static IEnumerable<(string Name, XDocument Xml)> Projects() =>
        from file in Directory.EnumerateFiles(Repository.Path("src"), "*.csproj", SearchOption.AllDirectories)
        let name = Path.GetFileNameWithoutExtension(file)
        where name != "Inkling.Engine.Generators"
        select (name, XDocument.Load(file));

    /// <summary>Without those that only the build needs.</summary>
    private static IEnumerable<string> ProjectReferences(XDocument project) =>
        from reference in project.Descendants("ProjectReference")
        where (string?)reference.Attribute("ReferenceOutputAssembly") != "false"
        select Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!);

    /// <summary>Without those that only the build needs.</summary>
    private static IEnumerable<string> PackageReferences(XDocument project) =>
        from reference in project.Descendants("PackageReference")
        where (string?)reference.Attribute("PrivateAssets") != "all"
        select (string)reference.Attribute("Include")!;

    private static IEnumerable<string> Values(XDocument project, string element, string attribute) =>
        project.Descendants(element).Select(item => (string?)item.Attribute(attribute)).OfType<string>();

    private static bool IsAllowed(string[] patterns, string name) => patterns.Any(pattern => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : name == pattern);
}
