using CsCheck;
using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Imaging;
using Inkling.Tests.Cli;
using Inkling.Tests.Support;

namespace Inkling.Tests.Data.Parquet;

/// <summary>Files as the Hub has them, written by Apache Arrow (through ParquetSharp).</summary>
public sealed class ParquetSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_SplitsOfTheHub_HaveTheNamesAndFingerprintsOfTheirContent()
    {
        ImageSet mnist = Datasets.Load("mnist").Train.Subset([.. Enumerable.Range(0, 120)]);
        Write("d/data/train-00000-of-00002.parquet", Rows(mnist, 0, 60), rowGroup: 25);
        Write("d/data/train-00001-of-00002.parquet", Rows(mnist, 60, 40), rowGroup: 40);
        Write("d/data/test-00000-of-00001.parquet", Rows(mnist, 100, 20));
        ImageDataset dataset = Datasets.Load(_folder["d"]);

        Assert.Equal("zero", dataset.ClassNames[0]);
        Assert.Equal(mnist.Subset([.. Enumerable.Range(0, 100)]).Fingerprint, dataset.Train.Fingerprint);
        Assert.Equal(mnist.Subset([.. Enumerable.Range(100, 20)]).Fingerprint, dataset.Test!.Open().Fingerprint);
        Assert.Equal("data/train-00000-of-00002.parquet#3", dataset.Train.NameOf(3));
    }

    [Fact]
    public void Load_OneFileWithoutMetadata_NumbersItsClasses()
    {
        ImageSet mnist = Datasets.Load("mnist").Train.Subset([.. Enumerable.Range(0, 40)]);
        Write("digits.parquet", Rows(mnist, 0, 40), metadata: false);
        ImageDataset dataset = Datasets.Load(_folder["digits.parquet"]);

        Assert.Equal("digits", dataset.Name);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], dataset.ClassNames);
        Assert.Equal((36, 4), (dataset.Train.Count, dataset.Test!.Open().Count));
    }

    [Fact]
    public void Load_FromTheHub_AsksTheResolver()
    {
        ImageSet mnist = Datasets.Load("mnist").Train.Subset([.. Enumerable.Range(0, 40)]);
        Write("hub/train.parquet", Rows(mnist, 0, 40));
        var hub = new FolderHub(_folder["hub"]);

        ImageDataset dataset = Datasets.Load("hf:user/digits", new DatasetOptions { Hub = hub });

        Assert.Equal(("hf:user/digits@state", "user/digits"), (dataset.Name, hub.Asked));
        Assert.Throws<DataFormatException>(() => Datasets.Load("hf:user/digits"));
    }

    [Theory]
    [InlineData(10, "a label from 0 to 9", "10")]
    [InlineData(-1, "a label from 0 to 9", "-1")]
    [InlineData(null, "a label from 0 to 9", "none")]
    public void Load_LabelWithoutClass_NamesTheRow(int? label, string expected, string actual)
    {
        (byte[]?, long?)[] rows = Rows(Datasets.Load("mnist").Train, 0, 20);
        rows[7].Item2 = label;
        Write("d.parquet", rows);

        var fault = Assert.Throws<DataFormatException>(() => Datasets.Load(_folder["d.parquet"]));

        Assert.Equal((expected, actual), (fault.Expected, fault.Actual));
        Assert.EndsWith("row 7", fault.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RowWithoutPicture_NamesTheRow()
    {
        (byte[]?, long?)[] rows = Rows(Datasets.Load("mnist").Train, 0, 20);
        rows[3].Item1 = null;
        Write("d.parquet", rows);

        var fault = Assert.Throws<DataFormatException>(() => Datasets.Load(_folder["d.parquet"]));

        Assert.EndsWith("row 3", fault.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DamagedFiles_OnlyEverThrowErrorsOfData()
    {
        Write("d.parquet", Rows(Datasets.Load("mnist").Train, 0, 30));
        byte[] sound = File.ReadAllBytes(_folder["d.parquet"]);
        int faults = 0;
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Bool).ForAll("0000KnbMjaz3", 300, damage =>
        {
            byte[] bytes = damage.Item3 ? sound[..damage.Item1] : (byte[])sound.Clone();
            if (!damage.Item3)
            {
                bytes[damage.Item1] ^= (byte)(damage.Item2 | 1);
            }

            File.WriteAllBytes(_folder["x.parquet"], bytes);
            try
            {
                Datasets.Load(_folder["x.parquet"]);
            }
            catch (Exception e) when (e is DataFormatException or ImageFormatException)
            {
                faults++;
            }
        });
        Assert.True(faults > 100);
    }

    /// <summary>A gigabyte and more of pictures in a file that is a small part of that, once page by page, once in a dictionary.</summary>
    [Theory]
    [InlineData(false, 1 << 23, 129)]
    [InlineData(true, 1 << 18, 4097)]
    public void Load_PicturesThatUnpackToTooMuch_AreRefusedBeforeTheyAreHeld(bool storesRepeatsOnce, int length, int count)
    {
        byte[] picture = new byte[length];
        string file = _folder["bomb.parquet"];
        HubParquet.Write(
            file, [.. Enumerable.Repeat(((byte[]?)picture, (long?)0), count)], rowGroup: count, storesRepeatsOnce: storesRepeatsOnce);
        Assert.InRange(new FileInfo(file).Length, 1, 60_000_000);

        ChildResult run = CheckInASmallHeap(file);

        Assert.Equal(3, run.ExitCode);
        CliRun.AssertOneLine(run.Error, "bomb.parquet", "bytes of image/bytes in a row group that may have 1073741824");
    }

    [Fact]
    public void Load_PageThatClaimsTwoGigabytes_IsRefused()
    {
        Write("d.parquet", Rows(Datasets.Load("mnist").Train, 0, 30));
        byte[] bytes = File.ReadAllBytes(_folder["d.parquet"]);

        // The first page's header in Thrift's compact protocol: type, length unpacked, length packed. Its length unpacked
        // becomes 2³¹ − 1, and what comes behind gives way.
        Assert.Equal([0x15, 0x15], new[] { bytes[4], bytes[6] });
        int end = 7;
        while (bytes[end++] >= 0x80)
        {
        }

        byte[] claim = [0xFE, 0xFF, 0xFF, 0xFF, 0x0F];
        byte[] rest = bytes[end..(end + 8)];
        claim.CopyTo(bytes, 7);
        rest.CopyTo(bytes, 12);
        File.WriteAllBytes(_folder["x.parquet"], bytes);

        ChildResult run = CheckInASmallHeap(_folder["x.parquet"]);

        Assert.Equal(3, run.ExitCode);
        CliRun.AssertOneLine(run.Error, "x.parquet", "a sound Parquet file");
    }

    [Fact]
    public void Load_NotParquet_SaysSo()
    {
        File.WriteAllText(_folder["x.parquet"], "<html>");

        var fault = Assert.Throws<DataFormatException>(() => Datasets.Load(_folder["x.parquet"]));

        Assert.Equal("a sound Parquet file", fault.Expected);
    }

    private static (byte[]? Picture, long? Label)[] Rows(ImageSet images, int start, int count) => HubParquet.Rows(images, start, count);

    /// <summary>In a process that may have 256 MB of objects.</summary>
    private ChildResult CheckInASmallHeap(string file) => ChildProcess.Run(
        "dotnet", [Repository.Program("Inkling.Cli", "release"), "data", "check", file, "--out", _folder["quality"]],
        environment: new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x10000000" });

    private void Write(string name, (byte[]? Picture, long? Label)[] rows, bool metadata = true, int rowGroup = 1000) =>
        HubParquet.Write(_folder[name], rows, metadata, rowGroup);

    private sealed class FolderHub(string folder) : IHubDatasetResolver
    {
        public string? Asked { get; private set; }

        public HubDatasetFiles Resolve(string name, DatasetOptions options)
        {
            Asked = name;
            return new HubDatasetFiles($"{name}@state", folder, ["train.parquet"]);
        }
    }
}
