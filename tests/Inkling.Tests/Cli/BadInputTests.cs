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
            .AssertRefused(3, "absent.png");

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
        File.WriteAllText(
            folder["r.json"],
            File.ReadAllText(TinyModel.Recipe)
                .Replace("\"peak_learning_rate\": 0.1", "\"peak_learning_rate\": 100", StringComparison.Ordinal)
                .Replace("\"initial_divisor\": 25", "\"initial_divisor\": 1", StringComparison.Ordinal)
                .Replace("{ \"relu\": {} },", "", StringComparison.Ordinal)
                .Replace("{ \"batch_norm\": { \"name\": \"norm1\", \"epsilon\": 0.00001, \"momentum\": 0.1 } },", "", StringComparison.Ordinal)
                .Replace("\"epochs\": 4", "\"epochs\": 100", StringComparison.Ordinal));
        CliRun run = CliRun.Of("train", "--data", tiny.Data, "--recipe", folder["r.json"], "--out", folder["p"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("step", run.Error.Split('\n')[^2], StringComparison.Ordinal);
        Assert.DoesNotContain("inside Inkling", run.Error, StringComparison.Ordinal);
        Assert.Equal(["r.json"], folder.Names);
    }
}
