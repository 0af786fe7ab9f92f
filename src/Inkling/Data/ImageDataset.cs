namespace Inkling.Data;

/// <summary>A named dataset: the images to learn from, and the sealed images to be judged by. Immutable.</summary>
public sealed class ImageDataset
{
    /// <summary>Puts a dataset together.</summary>
    /// <param name="name">What the lock and the reports call it; no path of a machine.</param>
    /// <param name="classNames">One name per class, in label order.</param>
    /// <param name="train">The training images.</param>
    /// <param name="loadTest">Reads the test images when the seal is opened; null if there are none.</param>
    /// <exception cref="ArgumentException">The number of class names differs from the class count of the images.</exception>
    public ImageDataset(string name, IReadOnlyList<string> classNames, ImageSet train, Func<ImageSet>? loadTest)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(train);
        if (classNames.Count != train.ClassCount)
        {
            throw new ArgumentException($"{train.ClassCount} class names expected, got {classNames.Count}.", nameof(classNames));
        }

        Name = name;
        ClassNames = [.. classNames];
        Train = train;
        Test = loadTest is null ? null : new SealedSplit(() => CheckLikeTrain(loadTest()));
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
