namespace Inkling.Data;

/// <summary>A named dataset: the images to learn from, and the sealed images to be judged by. Immutable.</summary>
public sealed class ImageDataset
{
    /// <summary>Puts a dataset together.</summary>
    /// <param name="name">What the lock and the reports call it; no path of a machine.</param>
    /// <param name="classNames">One name per class, in label order.</param>
    /// <param name="train">The training images.</param>
    /// <param name="loadTest">Reads the test images when the seal is opened; null if there are none.</param>
    /// <param name="validation">Indices of the training images that the source keeps for choosing; null to have them drawn.</param>
    /// <exception cref="ArgumentException">
    /// The number of class names differs from the class count of the images, or an index is out of range.
    /// </exception>
    public ImageDataset(
        string name, IReadOnlyList<string> classNames, ImageSet train, Func<ImageSet>? loadTest, IReadOnlyList<int>? validation = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(train);
        if (classNames.Count != train.ClassCount)
        {
            throw new ArgumentException($"{train.ClassCount} class names expected, got {classNames.Count}.", nameof(classNames));
        }

        if (validation is not null && validation.Any(i => i < 0 || i >= train.Count))
        {
            throw new ArgumentException($"Indices from 0 to {train.Count - 1} expected, got others.", nameof(validation));
        }

        Name = name;
        ClassNames = [.. classNames];
        Train = train;
        Validation = validation is null ? null : [.. validation];
        Test = loadTest is null ? null : new SealedSplit(() => CheckLikeTrain(loadTest()));
    }

    private ImageDataset(
        ImageDataset whole, ImageSet train, IReadOnlyList<int>? validation, ExclusionList? exclusions, SealedSplit? test)
    {
        Name = whole.Name;
        ClassNames = whole.ClassNames;
        Train = train;
        Validation = validation;
        Exclusions = exclusions;
        Test = test;
    }

    /// <summary>What the lock and the reports call it.</summary>
    public string Name { get; }

    /// <summary>One name per class, in label order.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>C: 1 for grey.</summary>
    public int Channels => Train.Channels;

    /// <summary>H, in pixels.</summary>
    public int Height => Train.Height;

    /// <summary>W, in pixels.</summary>
    public int Width => Train.Width;

    /// <summary>The images that training and validation are split from.</summary>
    public ImageSet Train { get; }

    /// <summary>The sealed test images; null if the dataset has none.</summary>
    public SealedSplit? Test { get; }

    /// <summary>
    /// Indices of the training images that the source keeps for choosing; null if a run is to draw its own.
    /// </summary>
    public IReadOnlyList<int>? Validation { get; }

    /// <summary>The list by which training images were left out; null if all are here.</summary>
    public ExclusionList? Exclusions { get; }

    /// <summary>
    /// [N] a number for each training image, equal for those that are the same picture, exactly or nearly: a split keeps
    /// them on one side.
    /// </summary>
    public IReadOnlyList<int> DuplicateGroups { get => field ??= Duplicates.DuplicateGroups.Find(Train.ToThumbnails()); internal init; }

    /// <summary>Divides the training images: as the source does, or else by drawing; duplicates stay on one side.</summary>
    /// <param name="validationCount">Images to draw; what the source brings takes its place.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">So many can't be drawn.</exception>
    public DataSplit Split(int validationCount, ulong seed) => Validation is { } given
        ? DataSplit.Given(Train.Count, given)
        : DataSplit.Stratified(Train.Labels, ClassNames.Count, validationCount, seed, [.. DuplicateGroups]);

    /// <summary>The dataset with other training images, and the same seal on its test images.</summary>
    internal ImageDataset WithTrain(ImageSet train, IReadOnlyList<int>? validation, ExclusionList exclusions) =>
        new(this, train, validation, exclusions, Test);

    /// <summary>The dataset under a seal of its own, for one of several independent runs: its openings count from 0.</summary>
    internal ImageDataset Resealed() =>
        new(this, Train, Validation, Exclusions, Test?.Again()) { DuplicateGroups = DuplicateGroups };

    private ImageSet CheckLikeTrain(ImageSet test)
    {
        string expected = Describe(Train);
        string actual = Describe(test);
        return expected == actual
            ? test
            : throw new DataFormatException(
                Name, null, $"test images like the training images ({expected})", actual, "Take both from the same dataset.");
    }

    private static string Describe(ImageSet set) => $"{set.Channels}×{set.Height}×{set.Width}, {set.ClassCount} classes";
}
