using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Inkling.Packages;
using Inkling.Publishing.Report;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Packaging.Report;

public sealed partial class ReportPageTests(TinyModel tiny, ResNetModel resNet)
{
    private string Report => File.ReadAllText(Path.Combine(tiny.Package, PackageFiles.Report));

    [Fact]
    public void Train_Report_NeedsNothingFromElsewhereAndNoScript()
    {
        Assert.DoesNotContain("<script", Report, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", Report, StringComparison.OrdinalIgnoreCase);
        Assert.All(Attributes().Matches(Report), match => Assert.Matches("^(data:image/png;base64,|#)", match.Groups["value"].Value));
    }

    [Fact]
    public void Train_Report_TellsTheNumbersOfTheMetricsFile()
    {
        JsonNode test = JsonNode.Parse(File.ReadAllText(Path.Combine(tiny.Package, PackageFiles.Metrics)))!["test"]!;

        Assert.Contains($"<strong>{Percent(test["accuracy"])}</strong>", Report, StringComparison.Ordinal);
        Assert.Contains($"{Percent(test["accuracy_interval95"]![0])[..^2]} to {Percent(test["accuracy_interval95"]![1])}", Report, StringComparison.Ordinal);
        Assert.Contains($"<td class=\"number\">{Percent(test["uncalibrated"]!["ece"])}</td><td class=\"number\">{Percent(test["ece"])}</td>", Report, StringComparison.Ordinal);
        Assert.Equal(test["mistakes"]!.AsArray().Count, Case().Count(Report));
        Assert.All(
            test["mistakes"]!.AsArray(),
            mistake => Assert.Contains($"{mistake!["label"]}, read as {mistake["answer"]} <span class=\"soft\">#{mistake["index"]}</span>", Report, StringComparison.Ordinal));
    }

    [Fact]
    public void Train_Report_CanBeReadAloud()
    {
        XElement page = Parse(Report);

        Assert.Equal("en", page.Attribute("lang")!.Value);
        Assert.Single(page.Descendants("h1"));
        Assert.All(page.Descendants("img"), image => Assert.NotNull(image.Attribute("alt")));
        Assert.All(page.Descendants("svg").Where(svg => svg.Ancestors("ul").All(list => list.Attribute("aria-hidden") is null)), svg => Assert.True(
            svg.Attribute("role")!.Value == "img" && svg.Attribute("aria-label")!.Value.Length > 20));
        Assert.All(page.Descendants("th"), header => Assert.Contains(header.Attribute("scope")!.Value, (string[])["col", "row"]));
        string[] ids = [.. page.Descendants().Select(element => element.Attribute("id")?.Value).OfType<string>()];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.Descendants("a"), link => Assert.Contains(link.Attribute("href")!.Value[1..], ids));
        Assert.All(page.Descendants("section"), section => Assert.Contains(section.Attribute("aria-labelledby")!.Value, ids));
    }

    [Fact]
    public void Evaluate_OwnTestImages_WritesTheSamePageButForItsCircumstances()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        CliRun run = CliRun.Of("evaluate", package, "--data", tiny.Data, "--threads", "3");

        string again = File.ReadAllText(folder["p/report.html"]);
        Assert.Equal(0, run.ExitCode);
        Assert.NotEqual(Report, again);
        Assert.Equal(ReportPage.WithoutCircumstances(Report), ReportPage.WithoutCircumstances(again));
        Assert.Contains("<dt>test pictures opened</dt><dd>once for", Report, StringComparison.Ordinal);
        Assert.Contains("<dt>test pictures opened</dt><dd>2 times", again, StringComparison.Ordinal);
        Assert.Contains("pictures a second", again, StringComparison.Ordinal);
        Assert.Contains("opened 2 times", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_Corruptions_ArePartOfReportAndCard()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        Assert.Equal(0, CliRun.Of("evaluate", package, "--data", tiny.Data, "--corruptions").ExitCode);

        string report = File.ReadAllText(folder["p/report.html"]);
        string card = File.ReadAllText(folder["p/README.md"]);
        JsonNode robustness = JsonNode.Parse(File.ReadAllText(folder["p/metrics.json"]))!["robustness"]!;
        XElement section = Parse(report).Descendants("section").Single(part => part.Attribute("aria-labelledby")!.Value == "spoiled");
        XElement[] rows = [.. section.Descendants("tbody").Single().Elements("tr")];
        string read = section.Descendants("svg").Single().Attribute("aria-label")!.Value;
        Assert.Equal(16, rows.Length);
        Assert.All(robustness["corruptions"]!.AsArray().Zip(rows), pair =>
        {
            (JsonNode? score, XElement row) = pair;
            string name = score!["id"]!.GetValue<string>().Replace('_', ' ');
            string[] cells = [.. row.Elements().Select(cell => cell.Value)];
            Assert.Equal((name, Percent(score["accuracy"])), (cells[0], cells[2]));
            Assert.Contains($"{name} {Percent(score["accuracy"], 1)}", read, StringComparison.Ordinal);
            Assert.Contains($"| {string.Join(" | ", cells)} |\n", card, StringComparison.Ordinal);
        });
        Assert.Equal(ReportPage.WithoutCircumstances(Report), ReportPage.WithoutCircumstances(report));
        Assert.Contains("--corruptions", Report, StringComparison.Ordinal);
        Assert.DoesNotContain("--corruptions", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.0, 1, 0.5, ", each time a little changed,")]
    [InlineData(1.0, 1, null, ", each time but the last a little changed,")]
    [InlineData(1.0, 2, null, ", each time but the last 2 times a little changed,")]
    [InlineData(null, 1, 1.0, ", the last time a little changed,")]
    [InlineData(null, 2, 1.0, ", the last 2 times a little changed,")]
    [InlineData(null, 1, null, ". 100 others")]
    public void Train_Report_TellsWhenPicturesWereChanged(double? shift, int epochs, double? lastShift, string sentence)
    {
        using var folder = new TemporaryFolder();
        JsonNode recipe = JsonNode.Parse(File.ReadAllText(TinyModel.Recipe))!;
        recipe["augmentation"] = Movement(shift);
        recipe["refinement"] = new JsonObject { ["epochs"] = epochs, ["augmentation"] = Movement(lastShift), ["loss"] = recipe["loss"]!.DeepClone() };
        File.WriteAllText(folder["refined.json"], recipe.ToJsonString());

        Assert.Equal(0, CliRun.Of("train", "--data", tiny.Data, "--recipe", folder["refined.json"], "--out", folder["p"]).ExitCode);

        Assert.Contains($"steps{sentence}", File.ReadAllText(folder["p/report.html"]), StringComparison.Ordinal);

        static JsonObject? Movement(double? shift) => shift is null
            ? null
            : new JsonObject { ["rotation_degrees"] = 0, ["scale"] = 0, ["shear"] = 0, ["shift_pixels"] = shift };
    }

    [Fact]
    public void Train_NoValidationImages_ReportAndCardTellOfProbabilitiesThatNothingAdjusted()
    {
        using var folder = new TemporaryFolder();
        JsonNode recipe = JsonNode.Parse(File.ReadAllText(TinyModel.Recipe))!;
        recipe["split"] = new JsonObject { ["validation"] = 0 };
        File.WriteAllText(folder["all.json"], recipe.ToJsonString());

        Assert.Equal(0, CliRun.Of("train", "--data", tiny.Data, "--recipe", folder["all.json"], "--out", folder["p"]).ExitCode);

        XElement section = Parse(File.ReadAllText(folder["p/report.html"])).Descendants("section")
            .Single(part => part.Attribute("aria-labelledby")!.Value == "sure");
        JsonNode test = JsonNode.Parse(File.ReadAllText(folder["p/metrics.json"]))!["test"]!;
        string card = File.ReadAllText(folder["p/README.md"]);
        Assert.Equal(["the lower, the better", "as they are"], section.Descendants("th").Where(header => header.Attribute("scope")!.Value == "col").Select(header => header.Value));
        Assert.Equal(
            [Percent(test["ece"]), Percent(test["ece_equal_mass"]), Number(test["nll"]), Number(test["brier"])],
            section.Descendants("td").Select(cell => cell.Value));
        Assert.Equal(["as they are", "perfect", "as they are", "perfect"], section.Descendants("li").Select(entry => entry.Value));
        Assert.Contains("are the network's own", card, StringComparison.Ordinal);
        Assert.DoesNotContain("fitted on validation images", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Report_IsSmall() =>
        Assert.InRange(new FileInfo(Path.Combine(resNet.Package, PackageFiles.Report)).Length, 20_000, 600_000);

    /// <summary>Our page is XML but for its first line and the tags that HTML leaves open.</summary>
    private static XElement Parse(string html) =>
        XElement.Parse(OpenTag().Replace(html.Replace("<!doctype html>", "", StringComparison.Ordinal), "${tag}/>"));

    private static string Number(JsonNode? value) => value!.GetValue<double>().ToString("F4", CultureInfo.InvariantCulture);

    private static string Percent(JsonNode? share, int digits) =>
        (100 * share!.GetValue<double>()).ToString("F" + digits, CultureInfo.InvariantCulture);

    private static string Percent(JsonNode? share) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share!.GetValue<double>():F2} %");

    [GeneratedRegex("(src|href)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Attributes();

    [GeneratedRegex("<li class=\"case\">")]
    private static partial Regex Case();

    [GeneratedRegex("(?<tag><(img|meta|br)[^>]*)>")]
    private static partial Regex OpenTag();
}
