using Inkling.Data;
using Inkling.Duplicates;
using Inkling.Preprocessing;

namespace Inkling.Quality;

/// <summary>All images of a dataset in one row: training, validation, then test.</summary>
internal sealed class QualityImages : IRawImages
{
    private static readonly string[] AllSplits = ["train", "validation", "test"];

    private readonly ImageSet _train;
    private readonly ImageSet? _test;
    private readonly bool[] _validates;

    /// <summary>Opens the seal of the test images: looking for faults in data is no choosing of a model.</summary>
    public QualityImages(ImageDataset dataset)
    {
        Dataset = dataset;
        _train = dataset.Train;
        _test = dataset.Test?.Open();
        _validates = new bool[_train.Count];
        foreach (int index in dataset.Validation ?? [])
        {
            _validates[index] = true;
        }

        Splits = [.. AllSplits.Where(split => Members(split).Length > 0)];
    }

    public ImageDataset Dataset { get; }

    public int Count => _train.Count + (_test?.Count ?? 0);

    /// <summary>Those that have images.</summary>
    public IReadOnlyList<string> Splits { get; }

    /// <summary>Sets that the images come from.</summary>
    public IEnumerable<ImageSet> Sets => _test is null ? [_train] : [_train, _test];

    public Thumbnails Thumbnails => field ??= _train.ToThumbnails().Followed(_test is null ? null : _test.ToThumbnails());

    public int Height => _train.Height;

    public int Width => _train.Width;

    public ReadOnlySpan<byte> Image(int image) => Locate(image, out int index).Image(index);

    public int Label(int image) => Locate(image, out int index).Labels[index];

    public string SplitOf(int image) => image >= _train.Count ? "test" : _validates[image] ? "validation" : "train";

    /// <summary>Images of a split, ascending; of all for <c>all</c>.</summary>
    public int[] Members(string split) => [.. Enumerable.Range(0, Count).Where(i => split == "all" || SplitOf(i) == split)];

    public ImageReference Refer(int image)
    {
        ImageSet set = Locate(image, out int index);
        return new ImageReference(SplitOf(image), index, set.NameOf(index), Dataset.ClassNames[set.Labels[index]]);
    }

    /// <summary>The pixels of an image that was referred to.</summary>
    public ReadOnlySpan<byte> Pixels(ImageReference image) => (image.Split == "test" ? _test! : _train).Image(image.Index);

    private ImageSet Locate(int image, out int index)
    {
        bool isTest = image >= _train.Count;
        index = isTest ? image - _train.Count : image;
        return isTest ? _test! : _train;
    }
}
