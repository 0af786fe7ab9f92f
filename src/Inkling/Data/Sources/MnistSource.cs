using Inkling.Data.Idx;
using Inkling.Mnist;

namespace Inkling.Data.Sources;

/// <summary>The embedded MNIST files, each held against its published hash before it is used.</summary>
internal static class MnistSource
{
    /// <summary>How users, locks and reports call it.</summary>
    public const string Name = "mnist";

    private const int ClassCount = 10;

    /// <summary>Reads the training files; the test files wait for the seal to be opened.</summary>
    /// <exception cref="DataFormatException">An embedded file differs from the published one.</exception>
    public static ImageDataset Load() => new(
        Name, IdxImages.NumberedClasses(ClassCount), Read(MnistFiles.TrainImages, MnistFiles.TrainLabels),
        () => Read(MnistFiles.TestImages, MnistFiles.TestLabels))
    {
        // Known of these files, whose hashes are checked: no two images are duplicates, so nobody has to look again.
        DuplicateGroups = Alone,
    };

    private static readonly int[] Alone = [.. Enumerable.Range(0, 60_000)];

    private static ImageSet Read(MnistFile images, MnistFile labels)
    {
        ImageSet set = IdxImages.Read(Describe(images), Describe(labels), ClassCount);
        foreach (MnistFile file in (MnistFile[])[images, labels])
        {
            if (set.FileHashes[file.Name] != file.Sha256)
            {
                throw new DataFormatException(
                    $"{Name}/{file.Name}", null, $"SHA-256 {file.Sha256}", set.FileHashes[file.Name], "Reinstall Inkling.");
            }
        }

        return set;
    }

    private static IdxFile Describe(MnistFile file) => new(file.Name, $"{Name}/{file.Name}", file.Open);
}
