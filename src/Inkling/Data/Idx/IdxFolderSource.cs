namespace Inkling.Data.Idx;

/// <summary>A folder with the four files of MNIST, or of any dataset in its format, raw or gzip-compressed.</summary>
internal static class IdxFolderSource
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>Whether the folder holds one of the four files.</summary>
    public static bool Accepts(string folder) => Directory.Exists(folder)
        && new[] { TrainImages, TrainLabels, TestImages, TestLabels }.Any(
            name => Spellings(name).Any(spelling => File.Exists(Path.Combine(folder, spelling))));

    /// <summary>Reads the training files; notes the test files, which may be absent, for later.</summary>
    /// <exception cref="DataFormatException">A file is missing, there twice, or faulty.</exception>
    public static ImageDataset Load(string folder)
    {
        IdxFile trainImages = FindRequired(folder, TrainImages);
        IdxFile trainLabels = FindRequired(folder, TrainLabels);
        ImageSet train = IdxImages.Read(trainImages, trainLabels, classCount: null);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        string[] classNames = IdxImages.NumberedClasses(train.ClassCount);
        return FindTest(folder, train.ClassCount) is { } test
            ? new ImageDataset(name, classNames, train, test)
            : TestHoldout.Split(name, classNames, train, validation: null);
    }

    private static Func<ImageSet>? FindTest(string folder, int classCount)
    {
        if (Find(folder, TestImages) is null && Find(folder, TestLabels) is null)
        {
            return null;
        }

        IdxFile images = FindRequired(folder, TestImages);
        IdxFile labels = FindRequired(folder, TestLabels);
        return () => IdxImages.Read(images, labels, classCount);
    }

    private static IdxFile FindRequired(string folder, string name) =>
        Find(folder, name)
        ?? throw new DataFormatException(
            folder, null, $"the file {name} or {name}.gz", "neither", "Put the missing file into the folder.");

    /// <summary>The one file of that name, raw or compressed, also spelled with a dot before <c>idx</c>; null if none.</summary>
    private static IdxFile? Find(string folder, string name)
    {
        string[] found = Array.FindAll(Spellings(name), spelling => File.Exists(Path.Combine(folder, spelling)));
        if (found.Length > 1)
        {
            throw new DataFormatException(
                folder, null, $"one file for {name}", string.Join(" and ", found), "Remove all but one of them.");
        }

        if (found.Length == 0)
        {
            return null;
        }

        string path = Path.Combine(folder, found[0]);
        return new IdxFile(name, path, () => File.OpenRead(path));
    }

    private static string[] Spellings(string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        return [name, name + ".gz", dotted, dotted + ".gz"];
    }
}
