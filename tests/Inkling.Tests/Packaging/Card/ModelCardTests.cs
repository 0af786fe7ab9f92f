using System.Globalization;
using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Publishing.Card;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;
using SkiaSharp;
using YamlDotNet.RepresentationModel;

namespace Inkling.Tests.Packaging.Card;

public sealed class ModelCardTests(TinyModel tiny, ResNetModel resNet)
{
    [Fact]
    public void Create_TrainedPackage_GivesTheCardThatTrainWrote() =>
        Assert.Equal(File.ReadAllText(Path.Combine(tiny.Package, PackageFiles.Card)), ModelCard.Create(tiny.Package));

    [Fact]
    public void FrontMatter_ModelIndex_HasTheValuesOfTheMetricsFile()
    {
        JsonNode test = Metrics(resNet.Package)["test"]!;

        YamlNode result = FrontMatter(ModelCard.Create(resNet.Package))["model-index"][0]["results"][0];

        Assert.Equal("image-classification", Text(result["task"]["type"]));
        Assert.Equal(("digits", "digits", "test"), (Text(result["dataset"]["type"]), Text(result["dataset"]["name"]), Text(
            result["dataset"]["split"])));
        Assert.Equal(
            [("accuracy", Value(test, "accuracy")), ("precision", Value(test, "precision_macro")), ("recall", Value(test, "recall_macro")), ("f1", Value(test, "f1_macro"))],
            ((YamlSequenceNode)result["metrics"]).Select(
                metric => (Text(metric["type"]), double.Parse(Text(metric["value"]), CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void FrontMatter_Keys_AreWhatTheHubReads()
    {
        YamlNode yaml = FrontMatter(ModelCard.Create(resNet.Package, "someone/digits"));

        Assert.Equal("mit", Text(yaml["license"]));
        Assert.Equal("transformers", Text(yaml["library_name"]));
        Assert.Equal("image-classification", Text(yaml["pipeline_tag"]));
        Assert.Contains("transformers.js", ((YamlSequenceNode)yaml["tags"]).Select(Text));
        Assert.Equal("digits", Text(yaml["model-index"][0]["name"]));
    }

    [Fact]
    public void FrontMatter_Widget_ShowsPicturesOfThePackageWithItsAnswers()
    {
        JsonObject samples = Metrics(resNet.Package)["samples"]!.AsObject();

        var widget = (YamlSequenceNode)FrontMatter(ModelCard.Create(resNet.Package))["widget"];

        Assert.Equal(3, widget.Count());
        Assert.All(widget.Zip(samples), pair =>
        {
            Assert.Equal(pair.Second.Key, Text(pair.First["src"]));
            string picture = Path.Combine(resNet.Package, pair.Second.Key);
            YamlNode best = pair.First["output"][0];
            Assert.Equal(pair.Second.Value!["given"]!.GetValue<string>(), Text(pair.First["example_title"]));
            Assert.Equal(YamlDotNet.Core.ScalarStyle.DoubleQuoted, ((YamlScalarNode)best["label"]).Style);
            JsonNode prediction = CliRun.Of("predict", resNet.Package, picture, "--json").Json[0]!;
            Assert.Equal(prediction["label"]!.GetValue<string>(), Text(best["label"]));
            Assert.Equal(
                prediction["probability"]!.GetValue<double>(), double.Parse(Text(best["score"]), CultureInfo.InvariantCulture), 1e-7);
        });
    }

    [Fact]
    public void Create_SamplePictures_AreTheTestImages()
    {
        int[] firstOfEachClass = [.. Enumerable.Range(0, 50).DistinctBy(k => ResNetModel.Test.Labels[k])];
        for (int i = 0; i < 3; i++)
        {
            using SKBitmap picture = SKBitmap.Decode(Path.Combine(resNet.Package, PackageFiles.Samples[i]));
            Assert.Equal((28, 28, SKColorType.Gray8), (picture.Width, picture.Height, picture.ColorType));
            Assert.Equal(ResNetModel.Test.Image(firstOfEachClass[i]).ToArray(), picture.GetPixelSpan().ToArray());
        }
    }

    [Fact]
    public void Create_Body_TellsTheFiguresAndWhoseHandwriting()
    {
        JsonNode test = Metrics(resNet.Package)["test"]!;
        string card = ModelCard.Create(resNet.Package);

        Assert.Contains($"| accuracy | {Percent(test["accuracy"])} | {Percent(test["accuracy_interval95"]![0])} to {Percent(test["accuracy_interval95"]![1])} |", card, StringComparison.Ordinal);
        Assert.All(test["per_class"]!.AsArray(), c => Assert.Contains(
            $"| {c!["label"]} | {c["support"]} | {Percent(c["precision"])} |", card, StringComparison.Ordinal));
        Assert.Contains("| to learn and to choose by | 20,000 | ", card, StringComparison.Ordinal);
        Assert.Contains("| to be judged by | 1,000 | ", card, StringComparison.Ordinal);
        Assert.Contains("no test image is equal to a training image", card, StringComparison.Ordinal);
        Assert.Contains("there was one, to measure these figures", card, StringComparison.Ordinal);
        Assert.Contains("## Limits and bias", card, StringComparison.Ordinal);
        Assert.Contains("inkling verify digits-resnet", card, StringComparison.Ordinal);
        Assert.DoesNotContain("  \n", card, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_MeasuredRobustness_IsATableOfCorruptions()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        Edit(folder["p/metrics.json"], json => json["robustness"] = JsonNode.Parse("""
            {
              "name": "MNIST-C-like", "split": "test", "n": 1500, "clean_accuracy": 0.9867,
              "corruptions": [
                { "id": "shot_noise", "severity": 5, "accuracy": 0.98, "accuracy_interval95": [0.97, 0.99], "relative_error": 1.5 },
                { "id": "canny_edges", "severity": null, "accuracy": 0.5, "accuracy_interval95": [0.4, 0.6], "relative_error": null }
              ],
              "mean_accuracy": 0.74, "mean_error": 0.26, "mean_relative_error": null
            }
            """));

        string card = ModelCard.Create(package);

        Assert.Contains("## Robustness\n\nThe same 1,500 test images, spoiled in 2 ways (MNIST-C-like).", card, StringComparison.Ordinal);
        Assert.Contains(
            "|---|---:|---:|---|---:|\n| shot noise | 5 | 98.00 % | 97.00 % to 99.00 % | 1.5 |\n"
            + "| canny edges |  | 50.00 % | 40.00 % to 60.00 % |  |\n| mean |  | 74.00 % |  |  |\n\n",
            card, StringComparison.Ordinal);
        Assert.DoesNotContain("## Robustness", ModelCard.Create(tiny.Package), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_PackageFromBeforeFactsOfDataWereKept_HasNoSuchSection()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        Edit(folder["p/metrics.json"], json => json.Remove("data"));

        Assert.DoesNotContain("## Data\n", ModelCard.Create(package), StringComparison.Ordinal);
    }

    /// <summary>0.07, the scale of <c>digits-light</c>, is 7.000000000000001 % in double precision.</summary>
    [Fact]
    public void Create_ScaleThatIsNoWholePercentInBinary_IsRounded()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        Edit(folder["p/inkling.lock.json"], json => json["recipe"]!["augmentation"]!["scale"] = 0.07);

        Assert.Contains("scaled by up to\n7 %", ModelCard.Create(package), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_SmallImagesFirst_TellsTheSizesAndCountsTheirWork()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        Edit(folder["p/inkling.lock.json"], json =>
        {
            JsonNode recipe = json["recipe"]!;
            recipe["epochs"] = 10_000;
            recipe["progressive_resizing"] = new JsonObject { ["epochs"] = 5_000, ["height"] = 14, ["width"] = 14 };
            recipe["refinement"] = new JsonObject { ["epochs"] = 3, ["augmentation"] = null, ["loss"] = new JsonObject { ["label_smoothing"] = 0 } };
            recipe["augmentation"]!["rotation_degrees"] = 0;
            recipe["augmentation"]!["shear"] = 0;
            json["weights"]!["steps"] = 100_000;
        });

        string card = ModelCard.Create(package);

        Assert.Contains(
            "Each image is scaled by up to\n5 % and shifted by up to 1 pixels, anew in every epoch.", card, StringComparison.Ordinal);
        Assert.Contains("From epoch 9998 of 10000 on, this instead, and label smoothing of 0: Images are not\nchanged in training.", card, StringComparison.Ordinal);
        Assert.Contains("The first 5000 of 10000 epochs saw them at 14×14 pixels, the others at 28×28.", card, StringComparison.Ordinal);

        // Convolutions of 5·5·16 and 3·3·16·32 multiply-adds a pixel on 14×14 and 7×7 maps, then on 7×7 and 4×4, and a linear layer; half
        // of the
        // steps each, ten an epoch of batches of 64, a backward pass for two.
        const double Whole = 400 * 196 + 4608 * 49 + 320 * 49;
        const double Small = 400 * 49 + 4608 * 16 + 320 * 16;
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"the whole training {3 * 64 * 50_000 * (Whole + Small) / 1e12:0.###} trillion"), card, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("export")]
    public void Record_FurtherLookAtTheTestImages_IsInTheCard(string command)
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        string edited = tiny.CopyTo(folder["edited"]);
        File.AppendAllText(folder["edited/README.md"], "A word of mine.\n");

        Assert.Equal(0, CliRun.Of(command, package, "--data", tiny.Data).ExitCode);
        Assert.Equal(0, CliRun.Of(command, edited, "--data", tiny.Data).ExitCode);

        string card = File.ReadAllText(folder["p/README.md"]);
        Assert.Contains("there were 2, all of them after training", card, StringComparison.Ordinal);
        Assert.Equal(ModelCard.Create(package), card);
        Assert.EndsWith("A word of mine.\n", File.ReadAllText(folder["edited/README.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_PackageOfMnist_NamesItsHubDatasetAndWriters()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        Edit(folder["p/inkling.lock.json"], json => json["data"]!["name"] = "mnist");

        string card = ModelCard.Create(package);

        Assert.Equal("ylecun/mnist", Text(FrontMatter(card)["datasets"][0]));
        Assert.Contains("arXiv:2103.14749", card, StringComparison.Ordinal);
        Assert.Contains("Census Bureau", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OtherTimings_GivesTheSameCard()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        Edit(folder["p/metrics.json"], json => (json["train"]!["seconds"], json["train"]!["images_per_second"]) = (12345.678, 0.5));

        Assert.Equal(ModelCard.Create(tiny.Package), ModelCard.Create(package));
    }

    [Fact]
    public void Create_CultureWithDecimalComma_GivesTheSameCard()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(File.ReadAllText(Path.Combine(tiny.Package, PackageFiles.Card)), ModelCard.Create(tiny.Package));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Create_ClassesWithNamesFullOfSyntax_StaysYamlAndATable()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        const string Name = "a|b: \"c\"\n- d # e";
        Edit(folder["p/metrics.json"], json =>
        {
            json["test"]!["per_class"]![0]!["label"] = Name;
            json["samples"]!["samples/1.png"]!["top"]![0]!["label"] = Name;
        });

        string card = ModelCard.Create(package);

        Assert.Equal(Name, Text(FrontMatter(card)["widget"][0]["output"][0]["label"]));
        Assert.Contains("| a\\|b: \"c\" - d # e | ", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_DatasetWithoutTestImages_ClaimsNoFigures()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        Edit(folder["p/metrics.json"], json =>
        {
            json.Remove("test");
            json.Remove("samples");
        });

        string card = ModelCard.Create(package);

        Assert.DoesNotContain("model-index", card, StringComparison.Ordinal);
        Assert.DoesNotContain("## Figures", card, StringComparison.Ordinal);
        Assert.Contains("\"picture.png\"", card, StringComparison.Ordinal);
    }

    private static void Edit(string path, Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    private static JsonNode Metrics(string package) => JsonNode.Parse(File.ReadAllText(Path.Combine(package, PackageFiles.Metrics)))!;

    private static double Value(JsonNode node, string key) => node[key]!.GetValue<double>();

    private static string Percent(JsonNode? share) => (100 * share!.GetValue<double>()).ToString("F2", CultureInfo.InvariantCulture) + " %";

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static YamlNode FrontMatter(string card)
    {
        string[] parts = card.Split("---\n", 3);
        Assert.Equal("", parts[0]);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(parts[1]));
        return Assert.Single(yaml.Documents).RootNode;
    }
}
