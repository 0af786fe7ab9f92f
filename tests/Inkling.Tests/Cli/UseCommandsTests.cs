using System.Text.Json.Nodes;
using Inkling.Tests.Support;

namespace Inkling.Tests.Cli;

/// <summary>evaluate, predict and doctor on a sound package.</summary>
public sealed class UseCommandsTests(TinyModel tiny)
{
    [Fact]
    public void Evaluate_OwnTestImages_AgreesWithWhatTrainWrote()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        CliRun run = CliRun.Of("evaluate", package, "--data", tiny.Data, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        Assert.Equal(["speed", "test"], Keys(run.Json));
        JsonObject written = JsonNode.Parse(File.ReadAllText(folder["p/metrics.json"]))!.AsObject();
        Assert.True(JsonNode.DeepEquals(run.Json["speed"], written["speed"]));
        Assert.True(JsonNode.DeepEquals(run.Json["test"], written["test"]));
        Assert.True(written.Remove("speed"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(tiny.Package, "metrics.json"))), written));
        Assert.Equal(
            2, JsonNode.Parse(File.ReadAllText(folder["p/inkling.lock.json"]))!["test_openings"]!.GetValue<int>());
    }

    [Fact]
    public void Evaluate_OtherImages_LeavesThePackageAlone()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        CliRun run = CliRun.Of("evaluate", package, "--data", "mnist");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("test: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("10000 images", run.Output, StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(tiny.Package),
            file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(folder["p/" + Path.GetFileName(file)])));
    }

    [Fact]
    public void Evaluate_ValidationSplit_AgreesWithTheLastEpoch()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        CliRun run = CliRun.Of("evaluate", package, "--data", tiny.Data, "--split", "validation", "--json");

        JsonNode last = JsonNode.Parse(File.ReadLines(folder["p/history.jsonl"]).Last())!;
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(last["validation_accuracy"]!.GetValue<double>(), run.Json["validation"]!["accuracy"]!.GetValue<double>());
        Assert.Equal(100, run.Json["validation"]!["n"]!.GetValue<int>());
    }

    [Fact]
    public void Evaluate_Corruptions_AddsRobustnessAndDrawsExamples()
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);

        CliRun run = CliRun.Of("evaluate", package, "--data", tiny.Data, "--corruptions", "--examples", folder["e.png"], "--json");
        CliRun words = CliRun.Of("evaluate", package, "--data", tiny.Data, "--corruptions", "--threads", "1");

        Assert.Equal((0, 0), (run.ExitCode, words.ExitCode));
        Assert.Equal(["robustness", "speed", "test"], Keys(run.Json));
        JsonNode robustness = run.Json["robustness"]!;
        Assert.Equal(
            ["clean_accuracy", "corruptions", "mean_accuracy", "mean_error", "mean_relative_error", "n", "name", "split"], Keys(
                robustness));
        Assert.Equal("MNIST-C-like", robustness["name"]!.GetValue<string>());
        Assert.Equal(run.Json["test"]!["accuracy"]!.GetValue<double>(), robustness["clean_accuracy"]!.GetValue<double>());
        Assert.Equal(15, robustness["corruptions"]!.AsArray().Count);
        Assert.All(
            robustness["corruptions"]!.AsArray(),
            score => Assert.Equal(["accuracy", "accuracy_interval95", "id", "relative_error", "severity"], Keys(score!)));
        Assert.Equal(
            robustness["corruptions"]!.AsArray().Average(score => score!["accuracy"]!.GetValue<double>()),
            robustness["mean_accuracy"]!.GetValue<double>(), 1e-12);
        Assert.Contains("MNIST-C-like, 150 test images", words.Output, StringComparison.Ordinal);
        Assert.Equal(
            robustness.ToJsonString(), JsonNode.Parse(File.ReadAllText(folder["p/metrics.json"]))!["robustness"]!.ToJsonString());
        Assert.Equal(3, JsonNode.Parse(File.ReadAllText(folder["p/inkling.lock.json"]))!["test_openings"]!.GetValue<int>());
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["e.png"])[..4]);
    }

    [Fact]
    public void Predict_PicturesOfTheTestImages_GivesTheConfusionMatrixOfEvaluate()
    {
        using var folder = new TemporaryFolder();
        string[] pictures = [.. Enumerable.Range(0, TinyModel.TestImages).Select(i => WriteDigit(folder[$"{i}.png"], i))];

        CliRun run = CliRun.Of(["predict", tiny.Unframed, .. pictures, "--json"]);

        Assert.Equal(0, run.ExitCode);
        int[,] counts = new int[10, 10];
        for (int i = 0; i < pictures.Length; i++)
        {
            Assert.Equal(pictures[i], run.Json[i]!["file"]!.GetValue<string>());
            counts[TinyModel.Test.Labels[i], run.Json[i]!["label"]!.GetValue<string>()[0] - '0']++;
        }

        JsonNode matrix = JsonNode.Parse(File.ReadAllText(Path.Combine(tiny.Unframed, "metrics.json")))!["test"]!["confusion_matrix"]!;
        Assert.Equal(counts.Cast<int>(), matrix.AsArray().SelectMany(row => row!.AsArray().Select(n => n!.GetValue<int>())));
    }

    [Fact]
    public void Predict_DarkOnLight_IsRecognisedAsLightOnDark()
    {
        using var folder = new TemporaryFolder();
        string[] light = [.. Enumerable.Range(0, 30).Select(i => WriteDigit(folder[$"light{i}.png"], i, margin: 8))];
        string[] dark = [.. Enumerable.Range(0, 30).Select(i => WriteDigit(folder[$"dark{i}.png"], i, margin: 8, invert: true))];

        CliRun run = CliRun.Of(["predict", tiny.Package, .. light, .. dark, "--json"]);

        string[] answers = [.. run.Json.AsArray().Select(p => p!["top"]!.ToJsonString())];
        Assert.Equal(answers[..30], answers[30..]);
        Assert.True(run.Json.AsArray().Select(p => p!["label"]!.GetValue<string>()).Distinct().Count() > 5);
    }

    [Fact]
    public void Predict_Json_HasTheKeysThatScriptsRelyOn()
    {
        CliRun run = CliRun.Of("predict", tiny.Package, Fixture.Path("Imaging", "ink-on-paper.png"), "--top", "3", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        JsonNode prediction = Assert.Single(run.Json.AsArray())!;
        Assert.Equal(["file", "label", "probability", "sure", "top", "why"], Keys(prediction));
        JsonArray top = prediction["top"]!.AsArray();
        Assert.Equal(3, top.Count);
        Assert.All(top, entry => Assert.Equal(["label", "probability"], Keys(entry!)));
        Assert.Equal(prediction["label"]!.GetValue<string>(), top[0]!["label"]!.GetValue<string>());
        double[] probabilities = [.. top.Select(entry => entry!["probability"]!.GetValue<double>())];
        Assert.Equal(probabilities.OrderDescending(), probabilities);
    }

    [Fact]
    public void Predict_ThresholdOfThePackage_DecidesWhatIsNotSure()
    {
        using var folder = new TemporaryFolder();
        string[] pictures = [.. Enumerable.Range(0, 60).Select(i => WriteDigit(folder[$"{i}.png"], i))];
        double threshold =
            JsonNode.Parse(File.ReadAllText(Path.Combine(tiny.Unframed, "calibration.json")))!["threshold"]!.GetValue<double>();

        CliRun json = CliRun.Of(["predict", tiny.Unframed, .. pictures, "--json"]);
        string[] lines = CliRun.Of(["predict", tiny.Unframed, .. pictures]).Output.TrimEnd('\n').Split('\n');

        bool[] sure = [.. json.Json.AsArray().Select(p => p!["sure"]!.GetValue<bool>())];
        Assert.Equal(json.Json.AsArray().Select(p => p!["probability"]!.GetValue<double>() >= threshold), sure);
        Assert.Equal(sure, lines.Select(line => !line.Contains("not sure, perhaps ", StringComparison.Ordinal)));
        Assert.Equal(sure.Select(isSure => isSure ? null : "low_probability"), json.Json.AsArray().Select(p => (string?)p!["why"]));
        Assert.Equal([false, true], sure.Distinct().Order());
    }

    [Theory]
    [InlineData(200, 255, 0)]
    [InlineData(28, 0, 0)]
    [InlineData(28, 7, 0)]
    [InlineData(100, 128, 0)]
    [InlineData(100, 240, 15)]
    public void Predict_PictureWithoutInk_IsNoDigitAndNeverSure(int side, int level, int grain)
    {
        using var folder = new TemporaryFolder();
        byte[] pixels = [.. Enumerable.Range(0, side * side).Select(i => (byte)(level - i * 31 % (grain + 1)))];
        Picture.WriteGrey(folder["blank.png"], side, side, pixels);

        CliRun text = CliRun.Of("predict", tiny.Package, folder["blank.png"]);
        CliRun json = CliRun.Of("predict", tiny.Package, folder["blank.png"], "--json");

        Assert.Equal((0, 0), (text.ExitCode, json.ExitCode));
        Assert.Equal($"{folder["blank.png"]}: no digit\n", text.Output);
        JsonNode answer = Assert.Single(json.Json.AsArray())!;
        Assert.Null(answer["label"]);
        Assert.Null(answer["probability"]);
        Assert.False(answer["sure"]!.GetValue<bool>());
        Assert.Equal("no_digit", (string?)answer["why"]);
        Assert.Empty(answer["top"]!.AsArray());
    }

    [Fact]
    public void Evaluate_NoValidationImages_SaysThatNothingWasFitted()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["recipe.json"], File.ReadAllText(TinyModel.Recipe).Replace(
                "\"validation\": 100", "\"validation\": 0", StringComparison.Ordinal));

        CliRun run = CliRun.Of("train", "--data", tiny.Data, "--recipe", folder["recipe.json"], "--max-steps", "3", "--out", folder["p"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("temperature 1: none was fitted on validation images", run.Output, StringComparison.Ordinal);
        JsonNode calibration = JsonNode.Parse(File.ReadAllText(folder["p/calibration.json"]))!;
        Assert.Equal((0, 1.0), (calibration["images"]!.GetValue<int>(), calibration["temperature"]!.GetValue<double>()));
        Assert.Null(calibration["threshold"]);
        Assert.Null(CliRun.Of("predict", folder["p"], WriteDigit(folder["a.png"], 3), "--json").Json[0]!["sure"]);
    }

    [Fact]
    public void Predict_StandardInput_SaysTheSameAsForTheFile()
    {
        string file = Fixture.Path("Imaging", "chalk-on-board.png");
        using FileStream input = File.OpenRead(file);

        CliRun piped = CliRun.Of(input, CancellationToken.None, "predict", tiny.Package, "-");
        CliRun named = CliRun.Of("predict", tiny.Package, file);

        Assert.Equal(0, piped.ExitCode);
        Assert.Equal(named.Output[file.Length..], piped.Output["-".Length..]);
    }

    [Fact]
    public async Task Predict_InterruptedWhileWaitingForInput_ExitsWith130()
    {
        using var interrupt = new CancellationTokenSource();
        using var silence = new SilentStream(interrupt);

        CliRun run = await Task.Run(
            () => CliRun.Of(silence, interrupt.Token, "predict", tiny.Package, "-"), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        run.AssertRefused(130, "Interrupted");
    }

    [Fact]
    public void Doctor_ThisMachine_IsSoundInBothForms()
    {
        CliRun words = CliRun.Of("doctor");
        CliRun json = CliRun.Of("doctor", "--json");

        Assert.Equal((0, 0), (words.ExitCode, json.ExitCode));
        Assert.Contains("as expected", words.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("DIFFERENT", words.Output, StringComparison.Ordinal);
        Assert.Equal(["checks", "contract", "sound"], Keys(json.Json));
        Assert.True(json.Json["sound"]!.GetValue<bool>());
        Assert.All(json.Json["checks"]!.AsArray(), check => Assert.Equal(["actual", "expected", "name"], Keys(check!)));
    }

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(pair => pair.Key).Order(StringComparer.Ordinal);

    /// <summary>A test image as a PNG file, in a margin that is as dark as its background.</summary>
    private static string WriteDigit(string path, int index, int margin = 0, bool invert = false)
    {
        int size = 28 + 2 * margin;
        byte[] pixels = new byte[size * size];
        ReadOnlySpan<byte> digit = TinyModel.Test.Image(index);
        for (int y = 0; y < 28; y++)
        {
            digit.Slice(28 * y, 28).CopyTo(pixels.AsSpan((y + margin) * size + margin));
        }

        Picture.WriteGrey(path, size, size, invert ? [.. pixels.Select(pixel => (byte)(255 - pixel))] : pixels);
        return path;
    }

    /// <summary>Nothing ever comes; being asked is what interrupts the program.</summary>
    private sealed class SilentStream(CancellationTokenSource interrupt) : MemoryStream
    {
        private readonly ManualResetEventSlim _closed = new();

        public override int Read(Span<byte> buffer)
        {
            interrupt.Cancel();
            _closed.Wait();
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        protected override void Dispose(bool disposing)
        {
            _closed.Set();
            base.Dispose(disposing);
        }
    }
}
