using Inkling.Serialization;
using Inkling.Tests.Data.Idx;
using Inkling.Tests.Support;

namespace Inkling.Tests.Cli;

/// <summary>Data (exit code 3) and packages (exit code 4) that can't be used.</summary>
public sealed class BadInputTests(TinyModel tiny)
{
    [Fact]
    public void Train_UnknownDataset_NamesTheKnownOnes() =>
        CliRun.Of("train", "--data", "emnist").AssertRefused(3, "emnist", "a folder of IDX files", "no such name or folder");

    [Fact]
    public void Train_FolderWithoutIdxFiles_NamesTheMissingOne()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);

        CliRun.Of("train", "--data", folder["d"], "--out", folder["p"]).AssertRefused(3, "train-images-idx3-ubyte");

        Assert.Equal(["d"], folder.Names);
    }

    [Fact]
    public void Train_CorruptIdx_NamesTheFileAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        byte[] images = IdxBytes.Images(20, 4, 4);
        File.WriteAllBytes(folder["d/train-images-idx3-ubyte"], images[..^1]);
        File.WriteAllBytes(folder["d/train-labels-idx1-ubyte"], IdxBytes.Labels(new byte[20]));

        CliRun.Of("train", "--data", folder["d"], "--out", folder["p"]).AssertRefused(3, "train-images-idx3-ubyte");

        Assert.Equal(["d"], folder.Names);
    }

    [Fact]
    public void Train_FolderOfSomebodyElse_IsRefusedAndUntouched()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["p"]);
        File.WriteAllText(folder["p/thesis.tex"], "years of work");

        CliRun.Of("train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder["p"])
            .AssertRefused(4, folder["p"], "other files", "Choose another output folder.");

        Assert.Equal("years of work", File.ReadAllText(folder["p/thesis.tex"]));
        Assert.Equal(["p"], folder.Names);
    }

    [Theory]
    [InlineData("f")]
    [InlineData("f/p")]
    [InlineData("f/deep/p")]
    public void Train_OutputIsOrLiesUnderAFile_IsRefusedBeforeTraining(string output)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["f"], "mine");

        CliRun.Of("train", "--data", tiny.Data, "--recipe", TinyModel.Recipe, "--out", folder[output])
            .AssertRefused(4, folder[output], "a file");

        Assert.Equal("mine", File.ReadAllText(folder["f"]));
        Assert.Equal(["f"], folder.Names);
    }

    [Fact]
    public void Evaluate_NoSuchFolder_SaysHowToGetAPackage() =>
        CliRun.Of("evaluate", "nothing-here").AssertRefused(4, "nothing-here", "a package folder", "inkling train");

    [Fact]
    public void Evaluate_FolderWithoutLock_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["p"]);

        CliRun.Of("evaluate", folder["p"]).AssertRefused(4, "inkling.lock.json", "nothing");
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("preprocessor_config.json")]
    public void Predict_TamperedPackage_NamesTheFile(string file)
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        byte[] bytes = File.ReadAllBytes(folder["p/" + file]);
        bytes[^3] ^= 1;
        File.WriteAllBytes(folder["p/" + file], bytes);

        CliRun.Of("predict", package, Fixture.Path("Imaging", "ink-on-paper.png")).AssertRefused(4, file, "SHA-256");
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("inkling.lock.json")]
    public void Predict_IncompletePackage_NamesTheMissingFile(string file)
    {
        using var folder = new TemporaryFolder();
        string package = tiny.CopyTo(folder["p"]);
        File.Delete(folder["p/" + file]);

        CliRun.Of("predict", package, Fixture.Path("Imaging", "ink-on-paper.png")).AssertRefused(4, file, "nothing");
    }

    [Fact]
    public void Evaluate_DataOfOtherClasses_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        File.WriteAllBytes(folder["d/train-images-idx3-ubyte"], IdxBytes.Images(4, 28, 28));
        File.WriteAllBytes(folder["d/train-labels-idx1-ubyte"], IdxBytes.Labels(0, 1, 2, 1));

        CliRun.Of("evaluate", tiny.Package, "--data", folder["d"]).AssertRefused(3, "10 classes", "3 and 1");
    }

    [Fact]
    public void Evaluate_DataOfOtherChannels_IsRefused()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 60; i++)
        {
            TestPictures.Put(
                folder[$"d/{i % 10}/{i}.png"],
                TestPictures.Colour(28, 28, (x, y) => new SkiaSharp.SKColor((byte)(i * 4), (byte)(x * y + i), (byte)(9 * x))));
        }

        File.WriteAllText(
            folder["r.json"],
            File.ReadAllText(TinyModel.Recipe)
                .Replace("\"channels\": 1", "\"channels\": 3", StringComparison.Ordinal)
                .Replace("\"framing\": \"digit\"", "\"framing\": \"none\"", StringComparison.Ordinal)
                .Replace("\"validation\": 100", "\"validation\": 0", StringComparison.Ordinal)
                .Replace("\"batch_size\": 64", "\"batch_size\": 16", StringComparison.Ordinal));
        Assert.Equal(
            0, CliRun.Of("train", "--data", folder["d"], "--recipe", folder["r.json"], "--max-steps", "1", "--out", folder["p"]).ExitCode);

        CliRun.Of("evaluate", folder["p"], "--data", tiny.Data).AssertRefused(
            3, "10 classes and 3 channel(s)", "10 and 1", "Choose a dataset");
        CliRun.Of("train", "--data", tiny.Data, "--recipe", folder["r.json"], "--out", folder["q"])
            .AssertRefused(2, "$.input.channels", "expected 1", "found 3");
    }

    [Theory]
    [InlineData("validation")]
    [InlineData("test")]
    public void Evaluate_EmptySplit_IsRefused(string split)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        File.WriteAllBytes(folder["d/train-images-idx3-ubyte"], IdxBytes.Images(10, 28, 28));
        File.WriteAllBytes(folder["d/train-labels-idx1-ubyte"], IdxBytes.Labels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        File.WriteAllText(
            folder["r.json"],
            File.ReadAllText(TinyModel.Recipe)
                .Replace("\"validation\": 100", "\"validation\": 0", StringComparison.Ordinal)
                .Replace("\"batch_size\": 64", "\"batch_size\": 2", StringComparison.Ordinal)
                .Replace("\"chunk_size\": 16", "\"chunk_size\": 2", StringComparison.Ordinal));
        Assert.Equal(
            0, CliRun.Of("train", "--data", folder["d"], "--recipe", folder["r.json"], "--max-steps", "1", "--out", folder["p"]).ExitCode);

        CliRun.Of("evaluate", folder["p"], "--data", folder["d"], "--split", split).AssertRefused(
            3, $"expected {split} images, got none", "Choose another split");
        CliRun.Of("compare", folder["p"], folder["p"], "--data", folder["d"], "--split", split).AssertRefused(
            3, $"expected {split} images, got none");
    }

    [Fact]
    public void Train_NoImagesAtAll_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["d"]);
        File.WriteAllBytes(folder["d/train-images-idx3-ubyte"], IdxBytes.Images(0, 28, 28));
        File.WriteAllBytes(folder["d/train-labels-idx1-ubyte"], IdxBytes.Labels());

        CliRun.Of("train", "--data", folder["d"], "--recipe", TinyModel.Recipe, "--out", folder["p"]).AssertRefused(3, folder["d"]);

        Assert.Equal(["d"], folder.Names);
    }

    [Theory]
    [InlineData("absent.png", null, "absent.png")]
    [InlineData("empty.png", "", "an empty file")]
    [InlineData("text.png", "seven", "without a readable header")]
    public void Predict_NotAPicture_NamesTheFile(string name, string? content, string words)
    {
        using var folder = new TemporaryFolder();
        if (content is not null)
        {
            File.WriteAllText(folder[name], content);
        }

        CliRun.Of("predict", tiny.Package, folder[name]).AssertRefused(3, name, words);
    }

    [Fact]
    public void Predict_TruncatedPicture_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        byte[] picture = File.ReadAllBytes(Fixture.Path("Imaging", "photograph.png"));
        File.WriteAllBytes(folder["half.png"], picture[..(picture.Length / 2)]);

        CliRun.Of("predict", tiny.Package, folder["half.png"]).AssertRefused(3, "half.png");
    }

    [Fact]
    public void Predict_SecondPictureFaultyWithJson_WritesNoHalfAnswer() =>
        CliRun.Of("predict", tiny.Package, Fixture.Path("Imaging", "ink-on-paper.png"), "absent.png", "--json")
            .AssertRefused(3, "absent.png", "no such file", "standard input");

    [Fact]
    public void Predict_NameWithTerminalCommands_IsToldWithoutThem() =>
        CliRun.Of("predict", tiny.Package, "a\u001b[31m\r\nb.png").AssertRefused(3, "b.png");

    [Fact]
    public void Predict_EmptyStandardInput_IsRefused() =>
        CliRun.Of("predict", tiny.Package, "-").AssertRefused(3, "standard input", "an empty file");

    [Fact]
    public void Train_LossNoLongerANumber_ExitsWithOneAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        CliRun run = CliRun.Of("train", "--data", tiny.Data, "--recipe", Diverging(folder), "--out", folder["p"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("step", run.Error.Split('\n')[^2], StringComparison.Ordinal);
        Assert.DoesNotContain("inside Inkling", run.Error, StringComparison.Ordinal);
        Assert.Equal(["r.json"], folder.Names);
    }

    /// <summary>The update that spoils the weights is only noticed in the step after it: what is kept in between must be sound.</summary>
    [Fact]
    public void Train_LossNoLongerANumber_NamesThePlaceAndKeepsTheLastGoodCheckpoint()
    {
        using var folder = new TemporaryFolder();
        CliRun run = CliRun.Of(
            "train", "--data", tiny.Data, "--recipe", Diverging(folder), "--out", folder["p"], "--checkpoint-seconds", "0");

        string[] lines = run.Error.Split('\n');
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"^inkling: step \d+ \(epoch \d+, images \d+(, \d+){7} and 56 more\): expected a finite loss, got \S+; the first tensor that isn't finite is \S+", lines[^2]);
        Assert.Equal($"{folder["p.run"]} keeps the last checkpoint before that.", lines[^3]);
        Assert.Equal(["p.run", "r.json"], folder.Names);
        Assert.All(Directory.EnumerateFiles(folder["p.run"], "*.checkpoint"), file =>
        {
            SafeTensorsFile checkpoint = SafeTensorsFile.Parse(File.ReadAllBytes(file).AsMemory(32), file);
            Assert.All(
                checkpoint.Tensors.Where(tensor => tensor.Name.StartsWith("weights/", StringComparison.Ordinal)),
                tensor => Assert.All(tensor.Values, value => Assert.True(float.IsFinite(value), $"{file}: {tensor.Name}")));
        });
    }

    private static string Diverging(TemporaryFolder folder)
    {
        string recipe = folder["r.json"];
        File.WriteAllText(
            recipe,
            File.ReadAllText(TinyModel.Recipe)
                .Replace("\"peak_learning_rate\": 0.1", "\"peak_learning_rate\": 100", StringComparison.Ordinal)
                .Replace("\"initial_divisor\": 25", "\"initial_divisor\": 1", StringComparison.Ordinal)
                .Replace("{ \"relu\": {} },", "", StringComparison.Ordinal)
                .Replace(
                    "{ \"batch_norm\": { \"name\": \"norm1\", \"epsilon\": 0.00001, \"momentum\": 0.1 } },", "", StringComparison.Ordinal)
                .Replace("\"epochs\": 4", "\"epochs\": 100", StringComparison.Ordinal));
        return recipe;
    }
}
