using System.Buffers.Binary;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Tests.Support;
using SkiaSharp;

namespace Inkling.Tests.Data.Pictures;

public sealed class ClassFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_MnistAsPngFolders_HasTheFingerprintOfTheIdxFiles()
    {
        ImageSet mnist = Datasets.Load("mnist").Train.Subset([.. Enumerable.Range(0, 200)]);
        int[] order = [.. Enumerable.Range(0, 200).OrderBy(i => mnist.Labels[i]).ThenBy(i => i)];
        for (int i = 0; i < 200; i++)
        {
            Put($"d/train/{mnist.Labels[i]}/{i:D3}.png", TestPictures.Grey(28, 28, mnist.Image(i)));
        }

        Put("d/test/3/a.png", TestPictures.Grey(28, 28, mnist.Image(0)));
        ImageDataset dataset = Datasets.Load(_folder["d"], new DatasetOptions { Fit = new Shape(1, 56, 56) });

        Assert.Equal(mnist.Subset(order).Fingerprint, dataset.Train.Fingerprint);
        Assert.Equal((28, 28, 1), (dataset.Height, dataset.Width, dataset.Channels));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], dataset.ClassNames);
        Assert.Equal(1, dataset.Test!.Open().Count);
        Assert.Equal(3, dataset.Test!.Open().Labels[0]);
    }

    [Fact]
    public void Load_NothingButCopies_HasNoTestPart()
    {
        ImageSet mnist = Datasets.Load("mnist").Train;
        for (int i = 0; i < 40; i++)
        {
            Put($"d/{i % 2}/{i:D3}.png", TestPictures.Grey(28, 28, mnist.Image(i % 2)));
        }

        ImageDataset dataset = Datasets.Load(_folder["d"]);

        Assert.Null(dataset.Test);
        Assert.Equal(40, dataset.Train.Count);
    }

    [Fact]
    public void Load_MixedFormatsSizesAndColours_FitsThemToTheNetworkAsPredictDoes()
    {
        byte[] photograph = TestPictures.Colour(
            50, 20, (x, y) => new SKColor((byte)(5 * x), (byte)(12 * y), 77), SKEncodedImageFormat.Jpeg, 90);
        Put("d/a/1.JPG", photograph);
        Put("d/a/2.webp", TestPictures.Colour(31, 33, (x, _) => new SKColor((byte)x, 200, 3), SKEncodedImageFormat.Webp));
        Put("d/b c/x/3.png", TestPictures.Grey(40, 12, new byte[480]));
        File.Copy(Fixture.Path("Imaging", "colour.bmp"), _folder["d/b c/4.bmp"]);
        ImageSet images = Datasets.Load(_folder["d"], new DatasetOptions { Fit = new Shape(3, 8, 10) }).Train;

        Assert.Equal(["a/1.JPG", "a/2.webp", "b c/4.bmp", "b c/x/3.png"], images.Origin!.Names);
        Assert.Equal([0, 0, 1, 1], images.Labels.ToArray());
        Assert.Equal(new Shape(3, 20, 50), images.Origin.Shapes[0]);
        Assert.Equal(new Shape(1, 12, 40), images.Origin.Shapes[3]);
        byte[] planes = ImageDecoder.Decode(photograph, "p").ToPlanes(3);
        byte[] expected = new byte[3 * 8 * 10];
        var resize = new BilinearResize(20, 50, 8, 10);
        for (int c = 0; c < 3; c++)
        {
            resize.Resize(planes.AsSpan(c * 1000, 1000), 1, expected.AsSpan(c * 80, 80));
        }

        Assert.Equal(expected, images.Image(0).ToArray());
        Assert.Equal(images.Fingerprint, Datasets.Load(_folder["d"], new DatasetOptions { Fit = new Shape(1, 30, 30) }).Train.Fingerprint);
    }

    [Fact]
    public void Load_ValidationFolder_IsUsedInPlaceOfADraw()
    {
        WriteClasses("d/train", 6);
        WriteClasses("d/val", 2, seed: 50);
        WriteClasses("d/test", 1, seed: 90);
        ImageDataset dataset = Datasets.Load(_folder["d"]);

        Assert.Equal([12, 13, 14, 15], dataset.Validation);
        Assert.Equal([12, 13, 14, 15], dataset.Split(3, seed: 1).Validation.ToArray());
        Assert.StartsWith("val/", dataset.Train.NameOf(12), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoTestFolder_HoldsATenthBackWhateverTheRecipe()
    {
        WriteClasses("d", 30);
        ImageDataset small = Datasets.Load(_folder["d"], new DatasetOptions { Fit = new Shape(1, 8, 8) });
        ImageDataset large = Datasets.Load(_folder["d"], new DatasetOptions { Fit = new Shape(3, 24, 24) });

        Assert.Equal((54, 6), (small.Train.Count, small.Test!.Open().Count));
        Assert.Equal([3, 3], small.Test.Open().Labels.ToArray().CountBy(label => label).Select(pair => pair.Value));
        Assert.Equal(small.Test.Open().Origin!.Names, large.Test!.Open().Origin!.Names);
        Assert.Equal(small.Test.Open().Fingerprint, large.Test.Open().Fingerprint);
        Assert.Empty(small.Train.Origin!.Names.Intersect(small.Test.Open().Origin!.Names));
    }

    [Fact]
    public void Load_FilesThatAreNoPictures_AreNamedAndPassedOver()
    {
        WriteClasses("d", 2);
        Put("d/c0/notes.txt", [1]);
        Put("d/c0/Thumbs.db", [1]);
        Put("d/c0/.hidden.png", [1]);

        ImageSet images = Datasets.Load(_folder["d"]).Train;

        Assert.Equal(4, images.Count);
        Assert.Equal(["c0/notes.txt"], images.Origin!.Ignored);
    }

    [Fact]
    public void Load_ClassWithoutPictures_IsRefused()
    {
        WriteClasses("d", 2);
        Directory.CreateDirectory(_folder["d/empty"]);

        AssertFault("at least one picture (.png, .jpg, .jpeg, .bmp, .webp)", "none", "empty");
    }

    [Fact]
    public void Load_OneClass_IsRefused()
    {
        Put("d/only/1.png", TestPictures.Grey(4, 4, new byte[16]));

        AssertFault("2 to 1000 classes", "1", "d");
    }

    [Fact]
    public void Load_ThousandClasses_KeepTheirNamesInOrdinalOrder()
    {
        for (int i = 0; i < 1001; i++)
        {
            Put($"d/train/class {i:D4}/a.png", TestPictures.Grey(2, 2, [(byte)i, (byte)(i >> 8), 3, 200]));
        }

        AssertFault("2 to 1000 classes", "1001", "d");
        Directory.Delete(_folder["d/train/class 0500"], recursive: true);
        ImageDataset dataset = Datasets.Load(_folder["d"]);

        Assert.Equal(1000, dataset.ClassNames.Count);
        Assert.Equal("class 0501", dataset.ClassNames[500]);
        Assert.Equal(999, dataset.Train.Labels[^1]);
    }

    [Fact]
    public void Load_TestClassThatTrainingLacks_IsRefused()
    {
        WriteClasses("d/train", 2);
        WriteClasses("d/test", 1);
        Put("d/test/zebra/1.png", TestPictures.Grey(4, 4, new byte[16]));

        AssertFault("classes of train", "zebra", "test");
    }

    [Fact]
    public void Load_NamesThatDifferInCaseOnly_AreRefused()
    {
        WriteClasses("d", 1);
        Put("d/C0/1.png", TestPictures.Grey(4, 4, new byte[16]));

        AssertFault("names that differ in more than case", "C0 twice", "d");
    }

    [Fact]
    public void Load_LinkBackToAFolderAbove_IsRefused()
    {
        WriteClasses("d", 2);
        Directory.CreateSymbolicLink(_folder["d/c0/again"], _folder["d/c0"]);

        var fault = Assert.Throws<DataFormatException>(() => Datasets.Load(_folder["d"]));

        Assert.Contains("leads in a circle", fault.Advice, StringComparison.Ordinal);
        Assert.Equal(_folder["d/c0/again"], fault.Path);
    }

    [Fact]
    public void Load_LinkToItself_IsRefused()
    {
        WriteClasses("d", 2);
        File.CreateSymbolicLink(_folder["d/c0/loop.png"], _folder["d/c0/loop.png"]);

        Assert.Throws<DataFormatException>(() => Datasets.Load(_folder["d"]));
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("text")]
    [InlineData("bomb")]
    public void Load_FaultyPicture_NamesIt_AndCanPassItOver(string kind)
    {
        WriteClasses("d", 4);
        byte[] sound = File.ReadAllBytes(Fixture.Path("Imaging", "photograph.png"));
        Put("d/c1/bad.png", kind switch
        {
            "truncated" => sound[..(sound.Length / 2)],
            "empty" => [],
            "text" => "<html>"u8.ToArray(),
            _ => Bomb(sound),
        });

        var fault = Assert.Throws<ImageFormatException>(() => Datasets.Load(_folder["d"]));
        ImageSet readable = Datasets.Load(_folder["d"], new DatasetOptions { SkipUnreadable = true }).Train;

        Assert.Equal(_folder["d/c1/bad.png"], fault.Path);
        Assert.Equal(8, readable.Count);
        Assert.Equal("c1/bad.png", Assert.Single(readable.Origin!.Unreadable).Name);
    }

    [Theory]
    [InlineData("d/a/1.png")]
    [InlineData("d/b")]
    [InlineData("d")]
    public void Load_WithoutPermission_NamesThePlace(string place)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("OtherUser is made for Linux");
            return;
        }

        TestPictures.Put(_folder["d/a/1.png"], TestPictures.Grey(2, 2, [1, 2, 3, 4]));
        TestPictures.Put(_folder["d/b/1.png"], TestPictures.Grey(2, 2, [4, 3, 2, 1]));
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_folder[""], Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(_folder[place], UnixFileMode.None);

        Exception? thrown = OtherUser.Catch(() => Datasets.Load(_folder["d"]));
        File.SetUnixFileMode(_folder[place], Owner);

        DataFormatException fault = Assert.IsType<DataFormatException>(thrown);
        Assert.Equal((_folder[place], "permission to read"), (fault.Path, fault.Expected));
    }

    [Fact]
    public void Load_RandomlyDamagedFiles_OnlyEverThrowErrorsOfData()
    {
        WriteClasses("d", 2);
        byte[] sound = TestPictures.Colour(20, 20, (x, y) => new SKColor((byte)(x * y), 3, 9), SKEncodedImageFormat.Jpeg, 80);
        CsCheck.Gen.Select(CsCheck.Gen.Int[0, sound.Length - 1], CsCheck.Gen.Byte, CsCheck.Gen.Int[1, sound.Length])
            .ForAll("0000KnbMjaz3", 150, damage =>
        {
            byte[] bytes = sound[..damage.Item3];
            bytes[Math.Min(damage.Item1, bytes.Length - 1)] = damage.Item2;
            Put("d/c0/damaged.jpg", bytes);
            try
            {
                Datasets.Load(_folder["d"]);
            }
            catch (Exception e) when (e is ImageFormatException or DataFormatException)
            {
            }
        });
    }

    /// <summary>A PNG whose header, with a sound checksum, announces 100,000 × 100,000 pixels.</summary>
    private static byte[] Bomb(byte[] png)
    {
        byte[] bomb = (byte[])png.Clone();
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 100_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 100_000);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(29), PngChunk.Checksum(bomb.AsSpan(12, 17)));
        return bomb;
    }

    private void WriteClasses(string folder, int imagesPerClass, int seed = 0)
    {
        for (int i = 0; i < 2 * imagesPerClass; i++)
        {
            byte[] pixels = new byte[12 * 12];
            for (int p = 0; p < pixels.Length; p++)
            {
                pixels[p] = (byte)(((p + 7) * (i + seed + 3) * 2654435761L) >> 7);
            }

            Put($"{folder}/c{i % 2}/{i:D3}.png", TestPictures.Grey(12, 12, pixels));
        }
    }

    private void AssertFault(string expected, string actual, string place)
    {
        var fault = Assert.Throws<DataFormatException>(() => Datasets.Load(_folder["d"]));
        Assert.Equal((expected, actual, place), (fault.Expected, fault.Actual, Path.GetFileName(fault.Path)));
    }

    private void Put(string name, byte[] bytes) => TestPictures.Put(_folder[name], bytes);
}
