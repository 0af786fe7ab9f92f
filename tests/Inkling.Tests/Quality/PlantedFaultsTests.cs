using System.Text.Json.Nodes;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Quality;

namespace Inkling.Tests.Quality;

/// <summary>Each check finds the faults that were planted for it, all of them, and is silent without.</summary>
public sealed class PlantedFaultsTests
{
    private static readonly Lazy<HashSet<string>> CleanFindings = new(() => Findings(Check(Glyphs.Clean())));

    [Fact]
    public void CleanImages_EveryCheckIsSilent() => Assert.Empty(CleanFindings.Value);

    [Theory]
    [InlineData("exact_duplicates", "train", 5)]
    [InlineData("near_duplicates", "train", 5)]
    [InlineData("conflicting_labels", "all", 6)]
    [InlineData("leakage", "all", 4)]
    [InlineData("near_leakage", "all", 4)]
    [InlineData("blank", "all", 3)]
    [InlineData("low_contrast", "all", 3)]
    [InlineData("blurred", "all", 3)]
    [InlineData("off_center", "all", 3)]
    [InlineData("little_ink", "all", 3)]
    [InlineData("much_ink", "all", 2)]
    [InlineData("outliers", "all", 2)]
    public void PlantedFault_IsCounted(string id, string split, int count)
    {
        Glyphs glyphs = Glyphs.Clean();
        Plant(glyphs, id);
        QualityReport report = Check(glyphs);

        QualityCheck check = report.Checks.Single(check => check.Id == id && check.Split == split);
        Assert.Equal(count, check.Count);
        Assert.True(check.Verdict > Verdict.Passed);
        Assert.Equal(count, check.Examples.Count);
    }

    [Fact]
    public void ImbalanceShiftAndShortcut_AreWarnedOf()
    {
        Glyphs glyphs = Glyphs.Clean(train: 400);
        for (int i = glyphs.Train.Count - 1; i >= 0; i--)
        {
            if (glyphs.TrainLabels[i] == 2 && i % 16 != 2)
            {
                glyphs.Train.RemoveAt(i);
                glyphs.TrainLabels.RemoveAt(i);
                continue;
            }

            int brighter = 40 * glyphs.TrainLabels[i];
            glyphs.Train[i] = Array.ConvertAll(glyphs.Train[i], v => (byte)Math.Min(255, v + brighter));
        }

        HashSet<string> found = Findings(Check(glyphs));

        Assert.Superset(new HashSet<string> { "class_balance", "class_shift", "shift", "shortcuts" }, found);
    }

    [Fact]
    public void SourcesOneAfterTheOther_AreNotedInTheirSplit()
    {
        Glyphs trained = Glyphs.Clean();
        WriteWithPens(trained.Train);
        Glyphs tested = Glyphs.Clean();
        WriteWithPens(tested.Test);

        (QualityCheck train, QualityCheck test) = Order(trained);
        Assert.Equal((Verdict.Note, Verdict.Passed), (train.Verdict, test.Verdict));
        Assert.InRange(train.Value, 0.5, 1);
        Assert.Contains("both sides", train.Measure, StringComparison.Ordinal);

        (train, test) = Order(tested);
        Assert.Equal((Verdict.Passed, Verdict.Note), (train.Verdict, test.Verdict));
        Assert.Contains("too narrow", test.Measure, StringComparison.Ordinal);

        // Sixteen pens for twenty images each.
        static void WriteWithPens(IList<byte[]> images)
        {
            for (int i = 0; i < images.Count; i++)
            {
                double pen = 0.6 + 0.4 * (i / 20 * 7 % 16) / 16;
                images[i] = Array.ConvertAll(images[i], v => (byte)(v * pen));
            }
        }

        static (QualityCheck Train, QualityCheck Test) Order(Glyphs glyphs)
        {
            QualityReport report = Check(glyphs);
            return (report.Checks.Single(check => check is { Id: "order", Split: "train" }), report.Checks.Single(
                check => check is { Id: "order", Split: "test" }));
        }
    }

    [Fact]
    public void FlippedLabels_AreRankedFirst()
    {
        Glyphs glyphs = Glyphs.Clean();
        int[] flipped = [3, 50, 101, 152, 203, 254];
        foreach (int image in flipped)
        {
            glyphs.TrainLabels[image] = (glyphs.TrainLabels[image] + 1) % 4;
        }

        QualityReport report = Check(glyphs, labelErrors: true);

        Assert.Equal(flipped, report.LabelErrors!.Take(6).Select(error => error.Image.Index).Order());
        Assert.All(report.LabelErrors!.Take(6), error => Assert.True(error.IsConfident));
        Assert.All(report.LabelErrors!.Take(6), error => Assert.Equal(Glyphs.ClassNames[error.Image.Index % 4], error.Suggested));
        Assert.DoesNotContain(report.LabelErrors!.Skip(6), error => error.IsConfident);
        Assert.Equal(
            flipped, report.Exclusions.Where(exclusion => exclusion.Reason == "label_errors").Select(exclusion => exclusion.Index));
    }

    [Fact]
    public void Exclusions_NameTheTrainingSideOfEveryFault_AndApplyAtLoad()
    {
        Glyphs glyphs = Glyphs.Clean();
        foreach (string fault in (string[])["exact_duplicates", "leakage", "blank"])
        {
            Plant(glyphs, fault);
        }

        ImageDataset dataset = glyphs.ToDataset();
        QualityReport report = Check(dataset);
        ExclusionList list = ExclusionList.Parse(
            System.Text.Encoding.UTF8.GetBytes(ExclusionList.Write(dataset, report.Exclusions)), "list");
        ImageDataset without = list.Apply(dataset);

        Assert.Equal(12, list.Images.Count);
        Assert.Equal(dataset.Train.Count - 12, without.Train.Count);
        Assert.Same(dataset.Test, without.Test);
        Assert.Same(list, without.Exclusions);
        Assert.Empty(Findings(Check(without)));
        Assert.Throws<DataFormatException>(() => list.Apply(without));
    }

    [Fact]
    public void Json_HasTheKeysThatScriptsRelyOn()
    {
        Glyphs glyphs = Glyphs.Clean();
        Plant(glyphs, "exact_duplicates");
        JsonNode json = JsonNode.Parse(QualityJson.Write(Check(glyphs)))!;

        JsonObject check = json["checks"]!.AsArray().Select(node => node!.AsObject())
            .Single(node => node["id"]!.GetValue<string>() == "exact_duplicates" && node["split"]!.GetValue<string>() == "train");
        Assert.Superset(
            new HashSet<string> { "id", "split", "value", "threshold", "verdict", "count", "examples" }, check.Select(pair => pair.Key).ToHashSet());
        Assert.Equal(5, json["duplicates"]!.AsArray().Count);
        Assert.NotNull(json["label_errors"]);
        Assert.Equal("warning", check["verdict"]!.GetValue<string>());
        Assert.Equal(QualityJson.Write(Check(glyphs)), QualityJson.Write(Check(glyphs)));
    }

    [Fact]
    public void Page_NeedsNothingFromElsewhere_AndEncodesNames()
    {
        Glyphs glyphs = Glyphs.Clean();
        Plant(glyphs, "conflicting_labels");
        ImageDataset plain = glyphs.ToDataset();
        var hostile = new ImageDataset("<script>alert(1)</script>", ["a<b", "\"c\"", "d&e", "f"], plain.Train, () => plain.Test!.Open());
        string page = QualityPage.Write(Check(hostile));

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Contains("a&lt;b", page, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,", page, StringComparison.Ordinal);
        Assert.Equal(System.Text.RegularExpressions.Regex.Count(page, "<img "), System.Text.RegularExpressions.Regex.Count(
            page, "<img [^>]*alt=\"[^\"]+\""));
    }

    private static void Plant(Glyphs glyphs, string fault)
    {
        switch (fault)
        {
            case "exact_duplicates":
                Add(glyphs, 5, i => (glyphs.Train[i * 7], glyphs.TrainLabels[i * 7]));
                break;
            case "near_duplicates":
                Add(glyphs, 5, i => (Array.ConvertAll(glyphs.Train[i * 7], v => (byte)(v * 0.9)), glyphs.TrainLabels[i * 7]));
                break;
            case "conflicting_labels":
                Add(glyphs, 3, i => (glyphs.Train[i * 7], (glyphs.TrainLabels[i * 7] + 1) % 4));
                break;
            case "leakage":
                Add(glyphs, 4, i => (glyphs.Test[i * 5], glyphs.TestLabels[i * 5]));
                break;
            case "near_leakage":
                Add(glyphs, 4, i => (Array.ConvertAll(glyphs.Test[i * 5], v => (byte)(v * 0.9)), glyphs.TestLabels[i * 5]));
                break;
            case "blank":
                Add(glyphs, 3, i => (Enumerable.Repeat((byte)(i * 40), Glyphs.Length).ToArray(), i));
                break;
            case "low_contrast":
                Change(glyphs, image => Array.ConvertAll(image, v => (byte)(100 + v / 8)));
                break;
            case "blurred":
                Change(glyphs, Glyphs.Blurred);
                break;
            case "off_center":
                Change(glyphs, _ => [.. Enumerable.Range(0, Glyphs.Length).Select(
                    p => p % Glyphs.Side < 4 && p / Glyphs.Side is > 4 and < 11 ? (byte)240 : (byte)(10 + p * 7 % 13))]);
                break;
            case "little_ink":
                Change(glyphs, _ => [.. Enumerable.Range(0, Glyphs.Length).Select(
                    p => p is 119 or 120 ? (byte)240 : (byte)(20 + p % 2))]);
                break;
            case "much_ink":
                Add(glyphs, 2, i => ([.. Enumerable.Range(0, Glyphs.Length)
            .Select(p => IsBorder(p) ? (byte)(p % 9) : (byte)(240 + (p * (i + 3) >> 2) % 15))], i));
                break;
            case "outliers":
                Add(glyphs, 2, i => ([.. Enumerable.Range(0, Glyphs.Length)
            .Select(p => (byte)((p / Glyphs.Side / 3 + p % Glyphs.Side / 3 + i) % 2 * 250))], i));
                break;
            default:
                throw new ArgumentException(fault);
        }
    }

    private static bool IsBorder(int p) => p / Glyphs.Side is 0 or Glyphs.Side - 1 || p % Glyphs.Side is 0 or Glyphs.Side - 1;

    private static void Add(Glyphs glyphs, int count, Func<int, (byte[] Image, int Label)> make)
    {
        for (int i = 0; i < count; i++)
        {
            (byte[] image, int label) = make(i);
            glyphs.Train.Add(image);
            glyphs.TrainLabels.Add(label);
        }
    }

    /// <summary>Changes images 10, 21 and 32.</summary>
    private static void Change(Glyphs glyphs, Func<byte[], byte[]> change)
    {
        foreach (int image in (int[])[10, 21, 32])
        {
            glyphs.Train[image] = change(glyphs.Train[image]);
        }
    }

    private static HashSet<string> Findings(QualityReport report) =>
        [.. report.Checks.Where(check => check.Verdict > Verdict.Passed).Select(check => check.Id)];

    private static QualityReport Check(Glyphs glyphs, bool labelErrors = false) => Check(glyphs.ToDataset(), labelErrors);

    private static QualityReport Check(ImageDataset dataset, bool labelErrors = false)
    {
        using var team = new WorkerTeam(2);
        return QualityAnalysis.Run(dataset, new QualityOptions { LabelErrors = labelErrors }, team, TestContext.Current.CancellationToken);
    }
}
