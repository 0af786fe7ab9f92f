using System.Text.Json.Nodes;
using Inkling.Augmentation;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Files;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;
using Inkling.Training;
using Inkling.Training.Recipes;
using Inkling.Verification;

namespace Inkling.Tests.Training;

/// <summary>A transform that a user brings: in training, in the lock, and when somebody else verifies.</summary>
public sealed class OwnTransformTests(TinyModel tiny) : IDisposable
{
    private static readonly OwnTransform Wear = Worn("wear", 0.1);

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = Datasets.Load(tiny.Data);
    private readonly WorkerTeam _team = new(2);

    public void Dispose()
    {
        _team.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Train_WithATransformOfOnesOwn_VerifiesWithItAndNotWithout()
    {
        string package = Train(Wear);
        JsonNode own = JsonNode.Parse(File.ReadAllText(Path.Combine(package, PackageFiles.Lock)))!["recipe"]!["augmentation"]!["own"]![0]!;

        VerificationResult same = Verify(package, Wear);
        VerificationResult absent = Verify(package);
        VerificationResult otherSetting = Verify(package, Worn("wear", 0.2));
        VerificationResult otherCode = Verify(package, new OwnTransform("wear", Wear.Settings, (image, _, _) => image.Reverse()));
        CliRun line = CliRun.Of("verify", package, "--data", tiny.Data, "--json");

        Assert.Equal("""{"name":"wear","settings":{"share":0.1}}""", own.ToJsonString());
        Assert.Equal(
            (VerificationGrade.Bytes, VerificationGrade.CannotVerify, VerificationGrade.CannotVerify, VerificationGrade.Different),
            (same.Grade, absent.Grade, otherSetting.Grade, otherCode.Grade));
        Assert.Contains("wear", absent.Reason, StringComparison.Ordinal);
        Assert.Equal((1, "cannot_verify"), (line.ExitCode, (string?)line.Json["grade"]));
        Assert.Contains("$.augmentation.own.wear", (string?)line.Json["reason"], StringComparison.Ordinal);
        Assert.Contains("wear", File.ReadAllText(Path.Combine(package, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_RecipeFileThatNamesIt_AsksForIt()
    {
        JsonNode recipe = JsonNode.Parse(File.ReadAllText(TinyModel.Recipe))!;
        recipe["augmentation"]!["own"] = new JsonArray(
            new JsonObject { ["name"] = "wear", ["settings"] = new JsonObject { ["share"] = 0.1 } });
        File.WriteAllText(_folder["own.json"], recipe.ToJsonString());

        CliRun.Of("train", "--data", tiny.Data, "--recipe", _folder["own.json"], "--out", _folder["p"])
            .AssertRefused(2, "$.augmentation.own.wear", "share 0.1");
        var run = new TrainingRun(_data, Recipe.Load(_folder["own.json"]), new TrainingRunOptions { Transforms = [Wear] });

        Assert.NotEmpty(run.Preview(0));
    }

    [Theory]
    [InlineData("""[{ "name": "Wear", "settings": {} }]""", "$.augmentation.own[0].name")]
    [InlineData("""[{ "name": "wear", "settings": { "share": "much" } }]""", "$.augmentation.own[0].settings.share")]
    [InlineData("""[{ "name": "wear", "settings": { "Share": 1 } }]""", "found Share")]
    [InlineData("""[{ "name": "wear" }]""", "settings")]
    [InlineData("[]", "$.augmentation.own")]
    public void Recipe_FaultyTransform_IsNamed(string own, string place)
    {
        JsonNode recipe = JsonNode.Parse(File.ReadAllText(TinyModel.Recipe))!;
        recipe["augmentation"]!["own"] = JsonNode.Parse(own);
        File.WriteAllText(_folder["own.json"], recipe.ToJsonString());

        var fault = Assert.Throws<RecipeException>(() => Recipe.Load(_folder["own.json"]));

        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_AnotherTransformBefore_LeavesItsDraws()
    {
        byte[] seen = [];
        var look = new OwnTransform("look", new Dictionary<string, double>(),
            (image, _, random) => seen = [.. Enumerable.Range(0, 8).Select(i => (byte)random.Bits((uint)i))]);
        var nothing = new OwnTransform("nothing", new Dictionary<string, double>(), (_, _, _) => { });

        Render(look);
        byte[] alone = seen;
        Render(nothing, look);

        Assert.Equal(alone, seen);
        Assert.NotEqual(nothing.Purpose, look.Purpose);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("größe")]
    public void Name_ThatALockCannotHold_Throws(string name) =>
        Assert.Throws<ArgumentException>(() => new OwnTransform(name, new Dictionary<string, double>(), (_, _, _) => { }));

    [Fact]
    public void Setting_ThatALockCannotHold_Throws() =>
        Assert.Throws<ArgumentException>(
            () => new OwnTransform("a", new Dictionary<string, double> { ["b"] = double.NaN }, (_, _, _) => { }));

    private static OwnTransform Worn(string name, double share) => new(
        name, new Dictionary<string, double> { ["share"] = share }, (image, shape, random) =>
        {
            Assert.Equal(new Shape(1, 28, 28), shape);
            for (int i = 0; i < image.Length; i++)
            {
                image[i] = random.Uniform((uint)i) < share ? (byte)0 : image[i];
            }
        });

    private static Recipe With(params OwnTransform[] own)
    {
        Recipe recipe = Recipe.Load(TinyModel.Recipe);
        return recipe with { Epochs = 2, Augmentation = recipe.Augmentation! with { Own = own } };
    }

    private void Render(params OwnTransform[] own) =>
        Assert.NotEmpty(new TrainingRun(_data, With(own) with { BatchSize = 16 }, new TrainingRunOptions()).Preview(0));

    private string Train(OwnTransform own)
    {
        string path = _folder["package"];
        using TrainedModel model = new TrainingRun(_data, With(own), new TrainingRunOptions())
            .Run(new Unwatched(), _team, TestContext.Current.CancellationToken);
        using PackageFolder folder = PackageFolder.Stage(path);
        PackageWriter.Write(folder, model, _data, _team, TestContext.Current.CancellationToken);
        return path;
    }

    private VerificationResult Verify(string package, params OwnTransform[] brought) => PackageVerification.Verify(
        package, _ => _data, new VerificationOptions { Transforms = brought }, new Unwatched(), _team,
        TestContext.Current.CancellationToken);
}
