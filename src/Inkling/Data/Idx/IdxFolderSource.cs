namespace Inkling.Data.Idx;

/// <summary>A folder with the four files of MNIST, or of any dataset in its format, raw or gzip-compressed.</summary>
internal static class IdxFolderSource
{
    /// <summary>Reads the training files; notes the test files, which may be absent, for later.</summary>
    /// <exception cref="DataFormatException">A file is missing, there twice, or faulty.</exception>
    public static ImageDataset Load(string folder)
    {
        IdxFile trainImages = FindRequired(folder, "train-images-idx3-ubyte");
        IdxFile trainLabels = FindRequired(folder, "train-labels-idx1-ubyte");
        ImageSet train = IdxImages.Read(trainImages, trainLabels, classCount: null);
        return new ImageDataset(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            IdxImages.NumberedClasses(train.ClassCount), train, FindTest(folder, train.ClassCount));
    }

    private static Func<ImageSet>? FindTest(string folder, int classCount)
    {
        const string imagesName = "t10k-images-idx3-ubyte";
        const string labelsName = "t10k-labels-idx1-ubyte";
        if (Find(folder, imagesName) is null && Find(folder, labelsName) is null)
        {
            return null;
        }

        IdxFile images = FindRequired(folder, imagesName);
        IdxFile labels = FindRequired(folder, labelsName);
        return () => IdxImages.Read(images, labels, classCount);
    }

    private static IdxFile FindRequired(string folder, string name) =>
        Find(folder, name)
        ?? throw new DataFormatException(
            folder, null, $"the file {name} or {name}.gz", "neither", "Put the missing file into the folder.");

    /// <summary>The one file of that name, raw or compressed, also spelled with a dot before <c>idx</c>; null if none.</summary>
    private static IdxFile? Find(string folder, string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] spellings = [name, name + ".gz", dotted, dotted + ".gz"];
        string[] found = Array.FindAll(spellings, spelling => File.Exists(Path.Combine(folder, spelling)));
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
}
