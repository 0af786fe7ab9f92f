using System.Text.Json.Nodes;
using Inkling.Tests.Support;
using SkiaSharp;

namespace Inkling.Tests.Cli;

/// <summary>A user's own colour pictures of mixed size and format, from the quality check to the prediction.</summary>
public sealed class OwnPicturesTests : IDisposable
{
    private static readonly string[] Classes = ["dusk", "forest", "ocean"];

    private readonly TemporaryFolder _folder = new();

    public OwnPicturesTests()
    {
        for (int i = 0; i < 120; i++)
        {
            TestPictures.Put(_folder[$"photos/{Classes[i % 3]}/{i:D3}{(i % 2 == 0 ? ".png" : ".jpg")}"], Photo(i % 3, i));
        }
    }

    private static string Recipe => Fixture.Path("Cli", "colour.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TrainEvaluatePredict_ColourFolder_WorkAndKeepTheClassNames()
    {
        CliRun train = CliRun.Of("train", "--data", _folder["photos"], "--recipe", Recipe, "--out", _folder["p"]);
        CliRun evaluate = CliRun.Of("evaluate", _folder["p"], "--data", _folder["photos"], "--json");
        TestPictures.Put(_folder["new.webp"], Photo(2, 999));
        CliRun predict = CliRun.Of("predict", _folder["p"], _folder["new.webp"], "--json");

        Assert.True(train.ExitCode == 0, train.Error);
        JsonNode packageLock = JsonNode.Parse(File.ReadAllText(_folder["p/inkling.lock.json"]))!;
        Assert.Equal(Classes, packageLock["data"]!["classes"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal((87, 21), (packageLock["split"]!["train"]!.GetValue<int>(), packageLock["split"]!["validation"]!.GetValue<int>()));
        Assert.Equal("photos", packageLock["data"]!["name"]!.GetValue<string>());
        Assert.Equal(12, evaluate.Json["test"]!["n"]!.GetValue<int>());
        Assert.True(evaluate.Json["test"]!["accuracy"]!.GetValue<double>() > 0.9);
        Assert.Equal("ocean", predict.Json[0]!["label"]!.GetValue<string>());
    }

    [Fact]
    public void DataCheck_UnreadablePicture_FailsTheGateAndIsLeftOutOfTraining()
    {
        TestPictures.Put(_folder["photos/ocean/bad.png"], [1, 2, 3]);
        File.Copy(_folder["photos/ocean/002.png"], _folder["photos/ocean/copy.png"]);
        string[] check = ["data", "check", _folder["photos"], "--out", _folder["q"], "--no-label-errors"];

        CliRun gate = CliRun.Of([.. check, "--write-exclusions", _folder["out.json"]]);
        CliRun open = CliRun.Of([.. check, "--fail-on", "never", "--json"]);
        CliRun strict = CliRun.Of("train", "--data", _folder["photos"], "--recipe", Recipe, "--out", _folder["p"]);
        CliRun train = CliRun.Of(
            "train", "--data", _folder["photos"], "--recipe", Recipe, "--out", _folder["p"], "--exclusions", _folder["out.json"]);

        Assert.Equal((1, 0, 3, 0), (gate.ExitCode, open.ExitCode, strict.ExitCode, train.ExitCode));
        Assert.Contains("error: Unreadable files", gate.Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_folder["q/quality.json"]), open.Output);
        Assert.Contains("</html>", File.ReadAllText(_folder["q/quality.html"]), StringComparison.Ordinal);
        string[] left = [.. JsonNode.Parse(File.ReadAllText(_folder["out.json"]))!["images"]!.AsArray().Select(
            image => image!["image"]!.GetValue<string>())];
        Assert.Equal("ocean/bad.png", left[0]);
        JsonNode locked = JsonNode.Parse(File.ReadAllText(_folder["p/inkling.lock.json"]))!["data"]!["exclusions"]!;
        Assert.Equal(left.Length, locked["count"]!.GetValue<int>());
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder["out.json"]))),
            locked["sha256"]!.GetValue<string>());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["photos/ocean/bad.png"]));
    }

    [Fact]
    public void DataCheck_FailOnWarning_IsHeeded()
    {
        File.Copy(_folder["photos/ocean/002.png"], _folder["photos/ocean/copy.png"]);
        string[] check = ["data", "check", _folder["photos"], "--out", _folder["q"], "--no-label-errors"];

        Assert.Equal((0, 1), (CliRun.Of(check).ExitCode, CliRun.Of([.. check, "--fail-on", "warning"]).ExitCode));
    }

    [Theory]
    [InlineData("--fail-on", "sometimes", 2)]
    [InlineData("--out", "", 2)]
    public void DataCheck_WrongOption_IsAUsageError(string option, string value, int exitCode) =>
        Assert.Equal(exitCode, CliRun.Of("data", "check", "mnist", option, value).ExitCode);

    [Fact]
    public void DataCheck_NoSuchData_IsAnErrorOfTheData() =>
        CliRun.Of("data", "check", "nowhere", "--out", _folder["q"]).AssertRefused(3, "nowhere");

    [Theory]
    [InlineData("{}", "missing key")]
    [InlineData("""{"schema":1,"dataset":"photos","fingerprint":null,"images":[{"image":"dusk/none.png","reason":"blank"}]}""", "dusk/none.png")]
    [InlineData("""{"schema":1,"dataset":"photos","fingerprint":null,"images":[{"image":7,"reason":"blank"}]}""", "number 7")]
    public void Train_ExclusionsThatDoNotFit_AreRefused(string list, string words)
    {
        File.WriteAllText(_folder["list.json"], list);

        CliRun.Of("train", "--data", _folder["photos"], "--recipe", Recipe, "--out", _folder["p"], "--exclusions", _folder["list.json"])
            .AssertRefused(3, "list.json", words);
    }

    /// <summary>A picture of its class's colour with a random pattern, each of another size.</summary>
    private static byte[] Photo(int kind, int index)
    {
        SKColor[] colours = [new(190, 90, 60), new(40, 140, 50), new(40, 80, 190)];
        SKColor colour = colours[kind];
        return TestPictures.Colour(
            24 + index % 7 * 3, 20 + index % 5 * 4,
            (x, y) =>
            {
                int noise = (int)((uint)(((x / 3 + 31 * (y / 3) + 977 * index) * 2654435761L) >> 13) % 60);
                return new SKColor((byte)(colour.Red + noise), (byte)(colour.Green + noise), (byte)(colour.Blue + noise));
            },
            index % 2 == 0 ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, 90);
    }
}
