using System.Text;
using System.Text.RegularExpressions;
using Inkling.Augmentation;
using Inkling.Networks;
using Inkling.Packages;
using Inkling.Publishing.Files;
using Inkling.Serialization;
using Inkling.Tests.Support;
using Inkling.Training.Recipes;

namespace Inkling.Tests.Documentation;

/// <summary>The tables of the documents name the keys that are read: all of them, and no others.</summary>
public sealed partial class FormatTablesTests
{
    private const string Formats = "docs/formats.md";

    [Fact]
    public void Calibration_Table_NamesItsKeys() =>
        AssertSame(Calibration.Json.Keys, Table(Formats, "## calibration.json", "| key |").SelectMany(row => row.Keys));

    [Fact]
    public void Lock_Table_NamesItsKeys() =>
        AssertSame(LockJson.Lock.Keys, Table(Formats, "## Lock", "| key |").SelectMany(row => row.Keys));

    [Fact]
    public void Recipe_Table_NamesItsKeys() =>
        AssertSame(RecipeJson.OfFile.Keys, Table(Formats, "## Recipe", "| key |").SelectMany(row => row.Keys));

    [Fact]
    public void Layers_Table_NamesThemAndTheirSettings() => AssertSame(
        from layer in NetworkJson.Layer.Names
        from key in KeysBehind(NetworkJson.Layer, layer).DefaultIfEmpty()
        select $"{layer}: {key}",
        from row in Table(Formats, "## Recipe", "| layer |")
        from layer in row.Keys
        from key in row.Settings.DefaultIfEmpty()
        select $"{layer}: {key}");

    [Fact]
    public void Augmentation_Table_NamesTransformsAndTheirSettings() => AssertSame(
        AugmentationPipeline.Json.Keys.SelectMany(key => KeysBehind(AugmentationPipeline.Json, key).Prepend(key)),
        Table("docs/augmentation.md", "## The transforms", "| key under").SelectMany(row => row.Keys));

    private static void AssertSame(IEnumerable<string> read, IEnumerable<string> documented) =>
        Assert.Equal(read.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));

    /// <summary>The keys that are known in the object behind a key, as the message about an unknown one says them.</summary>
    private static string[] KeysBehind<T>(JsonForm<T> form, string key)
    {
        const string Known = "known here are ";
        string[] values = [$$$"""{"{{{key}}}": {"?": 0}}""", $$$"""{"{{{key}}}": [{"?": 0}]}"""];
        return [.. values
            .SelectMany(json => form.Parse(Encoding.UTF8.GetBytes(json)).Faults)
            .Where(fault => fault.Path.EndsWith(".?", StringComparison.Ordinal))
            .SelectMany(fault => fault.Message[(fault.Message.IndexOf(Known, StringComparison.Ordinal) + Known.Length)..].Split(", "))
            .Where(known => known.Length > 0)];
    }

    /// <summary>The rows of a table: names in the first cell, and in the second.</summary>
    private static IEnumerable<(string[] Keys, string[] Settings)> Table(string document, string heading, string header) =>
        from line in File.ReadLines(Repository.Path(document))
            .SkipWhile(line => line != heading)
            .SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
        let cells = line.Split(" | ")
        select (Names(cells[0]), Names(cells[1]));

    private static string[] Names(string cell) => [.. Name().Matches(cell).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex("`(?<name>[a-z0-9_]+)`")]
    private static partial Regex Name();
}
