using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Tests.Data.Idx;

namespace Inkling.Tests.Data;

public sealed class DatasetsTests : IDisposable
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    private readonly string _folder = Directory.CreateTempSubdirectory("inkling-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_RawFolder_ReadsTrainAndSealsTest()
    {
        Write(TrainImages, IdxBytes.Images(3, 2, 2));
        Write(TrainLabels, IdxBytes.Labels(2, 0, 1));
        Write(TestImages, IdxBytes.Images(2, 2, 2));
        Write(TestLabels, IdxBytes.Labels(1, 1));

        ImageDataset dataset = Datasets.Load(_folder);

        Assert.Equal(Path.GetFileName(_folder), dataset.Name);
        Assert.Equal(["0", "1", "2"], dataset.ClassNames);
        Assert.Equal([2, 0, 1], dataset.Train.Labels);
        Assert.Equal<byte>([4, 5, 6, 7], dataset.Train.Image(1));
        Assert.Equal([TrainImages, TrainLabels], dataset.Train.FileHashes.Keys);
        Assert.Equal([1, 1], dataset.Test!.Open().Labels);
    }

    [Fact]
    public void Load_GzippedAndDottedNames_GivesTheSameFingerprintAndHashes()
    {
        Write(TrainImages, IdxBytes.Images(3, 2, 2));
        Write(TrainLabels, IdxBytes.Labels(2, 0, 1));
        ImageSet plain = Datasets.Load(_folder).Train;
        File.Delete(Path.Combine(_folder, TrainImages));
        File.Delete(Path.Combine(_folder, TrainLabels));
        Write("train-images.idx3-ubyte", IdxBytes.Images(3, 2, 2));
        Write(TrainLabels + ".gz", IdxBytes.Gzip(IdxBytes.Labels(2, 0, 1)));

        ImageSet other = Datasets.Load(_folder).Train;

        Assert.Equal(plain.Fingerprint, other.Fingerprint);
        Assert.Equal(plain.FileHashes, other.FileHashes);
    }

    [Fact]
    public void Load_GzipWithoutItsExtension_IsRecognisedByContent()
    {
        Write(TrainImages, IdxBytes.Gzip(IdxBytes.Images(2, 2, 2)));
        Write(TrainLabels + ".gz", IdxBytes.Labels(0, 1));

        Assert.Equal(2, Datasets.Load(_folder).Train.Count);
    }

    [Fact]
    public void Load_NoTestFiles_HasNoTest()
    {
        WriteTrain();

        Assert.Null(Datasets.Load(_folder).Test);
    }

    [Fact]
    public void Load_EmptyFolder_Throws() => AssertFault("Expected", $"the file {TrainImages} or {TrainImages}.gz");

    [Fact]
    public void Load_MissingTrainLabels_Throws()
    {
        Write(TrainImages, IdxBytes.Images(3, 2, 2));

        AssertFault("Expected", $"the file {TrainLabels} or {TrainLabels}.gz");
    }

    [Fact]
    public void Load_OnlyHalfOfTheTestFiles_Throws()
    {
        WriteTrain();
        Write(TestLabels, IdxBytes.Labels(0));

        AssertFault("Expected", $"the file {TestImages} or {TestImages}.gz");
    }

    [Fact]
    public void Load_RawAndGzipOfOneFile_Throws()
    {
        WriteTrain();
        Write(TrainLabels + ".gz", IdxBytes.Gzip(IdxBytes.Labels(2, 0, 1)));

        AssertFault("Actual", $"{TrainLabels} and {TrainLabels}.gz");
    }

    [Fact]
    public void Load_CountsThatDiffer_Throws()
    {
        Write(TrainImages, IdxBytes.Images(3, 2, 2));
        Write(TrainLabels, IdxBytes.Labels(0, 1));

        AssertFault("Expected", "3 labels, one per image");
    }

    [Fact]
    public void Load_SwappedFiles_Throws()
    {
        Write(TrainImages, IdxBytes.Labels(0, 1));
        Write(TrainLabels, IdxBytes.Images(2, 2, 2));

        AssertFault("Expected", "1 dimensions");
    }

    [Fact]
    public void Load_UnknownName_ListsWhatIsKnown()
    {
        var fault = Assert.Throws<DataFormatException>(() => Datasets.Load("emnist"));

        Assert.Equal(
            $"Reading emnist: expected {Datasets.Forms}, got no such name or folder. Check the spelling; a folder is given by its path.",
            fault.Message);
        Assert.Equal(
            "'mnist' or 'fashion-mnist' or 'kmnist' or 'emnist-digits' or hf:USER/NAME[@REV] or a Parquet file or a folder of them"
            + " or a folder of IDX files or a folder with a folder of pictures for each class",
            Datasets.Forms);
    }

    [Fact]
    public void Load_MissingFolder_Throws() =>
        Assert.Throws<DataFormatException>(() => Datasets.Load(Path.Combine(_folder, "nothing-here")));

    [Fact]
    public void Load_FileInsteadOfFolder_Throws()
    {
        WriteTrain();

        var fault = Assert.Throws<DataFormatException>(() => Datasets.Load(Path.Combine(_folder, TrainImages)));

        Assert.Equal("a file", fault.Actual);
    }

    [Fact]
    public void Load_FaultyTestFiles_AreNotReadBeforeTheyAreOpened()
    {
        WriteTrain();
        Write(TestImages, [1, 2, 3]);
        Write(TestLabels, [1, 2, 3]);

        SealedSplit test = Datasets.Load(_folder).Test!;

        Assert.Throws<DataFormatException>(test.Open);
        Assert.Equal(0, test.Openings);
    }

    [Fact]
    public void Open_LabelThatTrainingDoesNotHave_ThrowsWithItsPlace()
    {
        WriteTrain();
        Write(TestImages, IdxBytes.Images(3, 2, 2));
        Write(TestLabels, IdxBytes.Labels(0, 3, 1));

        var fault = Assert.Throws<DataFormatException>(Datasets.Load(_folder).Test!.Open);

        Assert.Equal((9L, "labels from 0 to 2", "3"), (fault.OffsetBytes, fault.Expected, fault.Actual));
    }

    [Fact]
    public void Open_ImagesOfAnotherSize_Throws()
    {
        WriteTrain();
        Write(TestImages, IdxBytes.Images(1, 2, 3));
        Write(TestLabels, IdxBytes.Labels(0));

        var fault = Assert.Throws<DataFormatException>(Datasets.Load(_folder).Test!.Open);

        Assert.Equal("1×2×3, 3 classes", fault.Actual);
    }

    private void WriteTrain()
    {
        Write(TrainImages, IdxBytes.Images(3, 2, 2));
        Write(TrainLabels, IdxBytes.Labels(2, 0, 1));
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(_folder, name), bytes);

    private void AssertFault(string property, string value)
    {
        var fault = Assert.Throws<DataFormatException>(() => Datasets.Load(_folder));
        Assert.Equal(value, property == "Expected" ? fault.Expected : fault.Actual);
    }
}
