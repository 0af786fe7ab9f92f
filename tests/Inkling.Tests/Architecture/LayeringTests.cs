using Inkling.Tests.Support;

namespace Inkling.Tests.Architecture;

/// <summary>The arrows between namespaces point one way (docs: the way of the data), as the compiler sees them.</summary>
public sealed class LayeringTests(ArrowMap map) : IClassFixture<ArrowMap>
{
    [Fact]
    public void Namespaces_UseOnlyWhatTheTableAllows()
    {
        Offenders.None(Summary(map.Arrows.Where(arrow => arrow.IsBetweenNamespaces && !AllowedArrows.Allows(arrow))));
    }

    [Fact]
    public void Namespaces_FormNoCycle()
    {
        Offenders.None(
            from cycle in NamespaceCycles.Of(map.Arrows)
            select $"{string.Join(", ", cycle.Namespaces)}\n  {string.Join("\n  ", Summary(cycle.Arrows))}");
    }

    /// <summary>Part of a name is enough: C# looks through the namespaces around the one it stands in, and no using line tells.</summary>
    [Theory]
    [InlineData("Inkling.Data", "object Planted() => typeof(Publishing.TrainedPackage);", "Inkling.Publishing.TrainedPackage")]
    [InlineData("Inkling.Packages", "object Planted(Training.TrainingRun run) => run;", "Inkling.Training.TrainingRun")]
    [InlineData(
        "Inkling.Data", "void Planted() { var package = Publishing.TrainedPackage.Open(\"\"); }", "Inkling.Publishing.TrainedPackage")]
    public void Map_ArrowPlantedByPartialName_IsSeenAndForbidden(string from, string member, string to) =>
        AssertForbidden(map.With($"namespace {from}; internal sealed class Backward {{ internal {member} }}"), from, to);

    [Fact]
    public void Map_ArrowPlantedBetweenFoldersOfTheEngine_IsSeenAndForbidden() => AssertForbidden(
        map.With("namespace Inkling.Engine; internal sealed class Backward { internal Layer? Planted; }", "src/Inkling.Engine/Kernels/Planted.cs"),
        "Inkling.Engine.Kernels",
        "Inkling.Engine.Layers.Layer");

    [Fact]
    public void Cycles_TwoNamespacesThatUseEachOther_AreFound()
    {
        Arrow[] arrows = [Between("A", "B"), Between("B", "C"), Between("C", "B"), Between("C", "D")];

        var cycle = Assert.Single(NamespaceCycles.Of(arrows));

        Assert.Equal(["B", "C"], cycle.Namespaces);
        Assert.Equal(arrows[1..3], cycle.Arrows);
    }

    /// <summary>What the compiler can't resolve has no arrows.</summary>
    [Fact]
    public void Map_OfSrc_LeavesNoNameUnresolved()
    {
        Offenders.None(map.Unresolved);
    }

    [Theory]
    [InlineData("object Planted() => Data.MissingType.ImageSet;")]
    [InlineData("object Planted(MissingType value) => value.Label;")]
    [InlineData("object Planted() { var value = MissingType.Value; return value.Label; }")]
    public void Map_UseBehindAMissingReference_IsReported(string member)
    {
        FileArrows file = map.With($"namespace Inkling.Hub; internal sealed class Blind {{ internal {member} }}");

        Assert.NotEmpty(file.Unresolved);
    }

    [Fact]
    public void Table_NeverLooksForward()
    {
        var forward = from row in Enumerable.Range(0, AllowedArrows.Table.Count)
                      from pattern in AllowedArrows.Table[row].MayUse
                      from name in map.Namespaces
                      where AllowedArrows.Covers(pattern, name) && AllowedArrows.RowOf(name) > row
                      select $"{AllowedArrows.Table[row].Name} → {pattern}: {name} comes later";

        Offenders.None(forward);
    }

    [Fact]
    public void Table_NamesOnlyWhatExists()
    {
        var unknown = from row in AllowedArrows.Table
                      from pattern in row.MayUse.Prepend(row.Name)
                      where !map.Namespaces.Any(name => AllowedArrows.Covers(pattern, name))
                      select $"{row.Name}: {pattern}";

        Offenders.None(unknown);
    }

    /// <summary>A permission that nobody needs is one that somebody will use.</summary>
    [Fact]
    public void Table_AllowsNothingThatIsNotUsed()
    {
        var unused = from row in Enumerable.Range(0, AllowedArrows.Table.Count)
                     from pattern in AllowedArrows.Table[row].MayUse
                     where !map.Arrows.Any(arrow =>
                        AllowedArrows.RowOf(arrow.FromNamespace) == row && AllowedArrows.Covers(pattern, arrow.ToNamespace))
                     select $"{AllowedArrows.Table[row].Name} → {pattern}";

        Offenders.None(unused);
    }

    private static Arrow Between(string from, string to) => new(from, "T", to, "T", "file.cs:1");

    /// <summary>A line for each pair of namespaces: how many arrows, and the first.</summary>
    private static IEnumerable<string> Summary(IEnumerable<Arrow> arrows) => arrows
        .GroupBy(arrow => (arrow.FromNamespace, arrow.ToNamespace))
        .OrderBy(group => group.Key.FromNamespace, StringComparer.Ordinal).ThenBy(group => group.Key.ToNamespace, StringComparer.Ordinal)
        .Select(group => $"{group.Key.FromNamespace} → {group.Key.ToNamespace}: {group.Count()}, first {group.First()}");

    private static void AssertForbidden(FileArrows file, string from, string to)
    {
        Arrow arrow = Assert.Single(file.Arrows);
        Assert.Equal((from, to), (arrow.FromNamespace, $"{arrow.ToNamespace}.{arrow.ToType}"));
        Assert.False(AllowedArrows.Allows(arrow));
    }
}
