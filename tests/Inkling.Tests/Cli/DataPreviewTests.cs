using Inkling.Data.Sources;
using Inkling.Tests.Support;
using Inkling.Training;
using Inkling.Training.Recipes;
using SkiaSharp;

namespace Inkling.Tests.Cli;

public sealed class DataPreviewTests(TinyModel tiny)
{
    [Fact]
    public void Preview_Folder_WritesAPictureOfTheWholeBatch()
    {
        using var folder = new TemporaryFolder();

        CliRun run = CliRun.Of("data", "preview", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder["p.png"]);

        Assert.Equal(0, run.ExitCode);
        int batch = Recipe.Load(TinyModel.Recipe).BatchSize;
        Assert.Contains($"{batch} images", run.Output, StringComparison.Ordinal);
        using SKBitmap picture = SKBitmap.Decode(folder["p.png"]);
        Assert.Equal(["p.png"], folder.Names);

        // Each of the batch's originals is on the picture, enlarged fourfold: its middle row is found in some row of pixels.
        var trainingRun = new TrainingRun(Datasets.Load(tiny.Data), Recipe.Load(TinyModel.Recipe), new TrainingRunOptions());
        byte[] pixels = [.. picture.Pixels.Select(color => color.Red)];
        Assert.All(trainingRun.Preview(epoch: 0), image =>
        {
            byte[] row = [.. image.Original.Values.Slice(14 * 28, 28).ToArray().SelectMany(value => Enumerable.Repeat(value, 4))];
            Assert.True(pixels.AsSpan().IndexOf(row) >= 0, $"image {image.Sample} is not on the picture");
        });
    }

    [Fact]
    public void Preview_FewImages_DrawsTheFirstOfTheBatch()
    {
        using var folder = new TemporaryFolder();

        CliRun all = CliRun.Of("data", "preview", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder["all.png"]);
        CliRun run = CliRun.Of("data", "preview", tiny.Data, "--recipe", TinyModel.Recipe, "--images", "6", "--out", folder["p.png"]);

        Assert.Contains(": 6 images", run.Output, StringComparison.Ordinal);
        using SKBitmap whole = SKBitmap.Decode(folder["all.png"]);
        using SKBitmap part = SKBitmap.Decode(folder["p.png"]);
        Assert.True(part.Height < whole.Height);
        Assert.Equal(whole.Pixels[..part.Pixels.Length], part.Pixels);
        CliRun.Of("data", "preview", tiny.Data, "--images", "0").AssertRefused(2, "--images");
        Assert.Equal(0, all.ExitCode);
    }

    [Fact]
    public void Preview_SameArguments_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();

        CliRun.Of("data", "preview", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder["a.png"]);
        CliRun.Of("data", "preview", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder["b.png"]);
        CliRun.Of("data", "preview", tiny.Data, "--recipe", TinyModel.Recipe, "--seed", "9", "--out", folder["c.png"]);

        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
        Assert.NotEqual(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["c.png"]));
    }

    [Fact]
    public void Preview_WrongNames_AreRefused()
    {
        CliRun.Of("data", "preview", tiny.Data, "--recipe", "fastest").AssertRefused(2, "fastest");
        CliRun.Of("data", "preview", "no-such-folder").AssertRefused(3, "no-such-folder");
        CliRun.Of("data", "preview", tiny.Data, "--out", "").AssertRefused(2, "--out");
    }
}
