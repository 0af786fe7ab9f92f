using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inkling.Engine;
using Inkling.Imaging;
using Inkling.StandInHub;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Hub;

/// <summary>The page that <c>publish --space</c> leaves, up to a real browser that draws on it.</summary>
public sealed class SpaceTests(TinyModel tiny)
{
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task Publish_WithSpace_MakesModelAndStaticSpace()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);

        CliRun run = scene.Run("publish", scene.Package, HubScene.Id, "--space");
        CliRun again = scene.Run("publish", scene.Package, HubScene.Id, "--space");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("nothing has changed", again.Output, StringComparison.Ordinal);
        StoredRepository space = scene.Hub.Repositories[("space", HubScene.Id)];
        Assert.Equal("static", space.Sdk);
        Assert.Equal(2, space.Commits.Count);
        Assert.Contains("model.safetensors", scene.StoredNames);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(scene.Package, "onnx/model_with_preprocessing.onnx")), space.Head.Files["model.onnx"].Content);
        JsonNode listed = OfficialClient.Run(scene.Hub, HubScene.Writer, "list", "space", HubScene.Id)!;
        Assert.Equal(space.Head.Files.Count, listed.AsArray().Count);
    }

    [Fact]
    public async Task Publish_SpaceWithoutOnnx_IsRefusedBeforeAnyRequest()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        File.Delete(Path.Combine(scene.Package, "onnx/model_with_preprocessing.onnx"));

        scene.Run("publish", scene.Package, HubScene.Id, "--space").AssertRefused(4, "model_with_preprocessing.onnx");

        Assert.Empty(scene.Hub.Seen);
    }

    [Fact]
    public async Task Publish_SpaceOfSomethingElse_IsRefusedAndTheModelIsNotSent()
    {
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        scene.Hub.Create("space", HubScene.Id).CommitBehindTheBack(("app.py", [1]));

        scene.Run("publish", scene.Package, HubScene.Id, "--space").AssertRefused(5, "app.py");

        Assert.DoesNotContain(("model", HubScene.Id), scene.Hub.Repositories.Keys);
    }

    [Fact]
    public void Framing_InThePage_GivesTheBytesOfDigitFraming()
    {
        DecodedImage[] images = [.. Enumerable.Range(0, 24).Select(Drawing)];
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["images.json"], new JsonArray([.. images.Select(image => (JsonNode)new JsonObject
        {
            ["width"] = image.Width, ["height"] = image.Height, ["pixels"] = Convert.ToBase64String(image.Pixels),
        })]).ToJsonString());

        ChildResult result = ChildProcess.Run("node", [Repository.Path("tests/official-clients/framing.mjs"), folder["images.json"]]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonArray framed = JsonNode.Parse(result.Output)!.AsArray();
        Assert.All(
            images.Index(), item => Assert.Equal(DigitFraming.Frame(item.Item), Convert.FromBase64String((string)framed[item.Index]!)));
        Assert.Contains(images, image => DigitFraming.Frame(image).Contains((byte)255));
    }

    [Fact]
    public async Task Page_InChromium_AnswersAsTheEngineDoes()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} is not installed");
        await using HubScene scene = await HubScene.CreateAsync(tiny);
        Assert.Equal(0, scene.Run("publish", scene.Package, HubScene.Id, "--space").ExitCode);
        foreach ((string path, StoredFile file) in scene.Hub.Repositories[("space", HubScene.Id)].Head.Files)
        {
            Directory.CreateDirectory(scene["site"]);
            File.WriteAllBytes(Path.Combine(scene["site"], path), file.Content);
        }

        ChildResult result = ChildProcess.Run(
            "node", [Repository.Path("tests/official-clients/space.mjs"), scene["site"], Chromium, Directory.CreateDirectory(scene["pictures"]).FullName]);

        Assert.True(result.ExitCode == 0, result.Error);
        JsonNode seen = JsonNode.Parse(result.Output)!;
        Assert.Empty(seen["errors"]!.AsArray());
        Assert.Empty(seen["elsewhere"]!.AsArray());
        Assert.Empty(seen["overflows"]!.AsArray());
        Assert.InRange((int)seen["bytes"]!, 1, 5_000_000);
        Assert.Equal(
            ["seven", "one", "zero", "touch", "keyboard"], seen["drawings"]!.AsArray().Select(drawing => (string?)drawing!["name"]));
        using ImageClassifier classifier = ImageClassifier.Load(scene.Package);
        Assert.All(seen["drawings"]!.AsArray(), drawing =>
        {
            Prediction prediction = classifier.Predict(ImageDecoder.Decode(Convert.FromBase64String((string)drawing!["png"]!), "drawing"));
            Assert.Equal(prediction.Label, (string?)drawing["answer"]);
            Assert.Equal(prediction.Probability!.Value, (float)drawing["probability"]!, 1e-4f);
        });
    }

    [Fact]
    public void Assets_OfOnnxRuntime_AreThoseOfItsPackage()
    {
        // npm's own package, whose bytes its lock file pins.
        string dist = Repository.Path("tests/official-clients/node_modules/onnxruntime-web/dist");
        using Stream packed = File.OpenRead(Repository.Path("src/Inkling.Space/Page/ort-wasm-simd-threaded.wasm.gz"));
        using var wasm = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Decompress);

        Assert.True(Directory.Exists(dist), $"{dist}: not installed; ./test installs it");
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(Path.Combine(dist, "ort-wasm-simd-threaded.wasm"))), SHA256.HashData(wasm));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(dist, "ort.wasm.bundle.min.mjs")), File.ReadAllBytes(
                Repository.Path("src/Inkling.Space/Page/ort.wasm.bundle.min.js")));
        JsonNode package = JsonNode.Parse(File.ReadAllText(Repository.Path("tests/official-clients/package.json")))!;
        Assert.Contains(
            $"onnxruntime-web@{package["dependencies"]!["onnxruntime-web"]} ", File.ReadAllText(Repository.Path("src/Inkling.Space/Page/pack.sh")), StringComparison.Ordinal);
    }

    /// <summary>A few thick strokes, light on dark or dark on light, with some noise, of any size.</summary>
    private static DecodedImage Drawing(int number)
    {
        var random = new RandomStream(7, RandomPurpose.Augmentation, Sample: (uint)number);
        int width = 29 + random.Integer(0, 300);
        int height = 29 + random.Integer(1, 300);
        int background = number % 2 == 0 ? random.Integer(2, 30) : 200 + random.Integer(2, 30);
        int ink = number % 2 == 0 ? 180 + random.Integer(3, 70) : random.Integer(3, 60);
        double x = random.Uniform(4, 0.2, 0.8) * width;
        double slope = random.Uniform(5, -0.5, 0.5);
        double thickness = random.Uniform(6, 1, width / 6.0);
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, width);
            bool isInk =
                number > 0 && row > height / 6 && row < height * 5 / 6 && Math.Abs(column - x - slope * (row - height / 2)) < thickness;
            pixels[i] = (byte)Math.Clamp((isInk ? ink : background) + random.Integer((uint)(10 + i), 7) - 3, 0, 255);
        }

        return new DecodedImage(width, height, 1, pixels);
    }
}
