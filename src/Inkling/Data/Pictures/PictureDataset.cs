namespace Inkling.Data.Pictures;

/// <summary>Puts a dataset together from the pictures of its splits.</summary>
/// <param name="Name">What locks and reports call it.</param>
/// <param name="ClassNames">In label order.</param>
/// <param name="Train">Pictures to learn from.</param>
/// <param name="Validation">Pictures that the source keeps for choosing; null to have them drawn.</param>
/// <param name="Test">Pictures that the source keeps for judging; null to have them drawn.</param>
internal sealed record PictureDataset(
    string Name, IReadOnlyList<string> ClassNames, PictureSource Train, PictureSource? Validation, PictureSource? Test)
{
    /// <summary>Most classes of a dataset.</summary>
    public const int MaxClasses = 1000;

    private static readonly HashSet<string> NoNames = [];

    /// <summary>Reads training and validation pictures, and seals the test pictures.</summary>
    /// <exception cref="DataFormatException">There are too few or too many classes, or a picture is faulty.</exception>
    public ImageDataset Load(DatasetOptions options)
    {
        if (ClassNames.Count is < 2 or > MaxClasses)
        {
            throw new DataFormatException(
                Name, null, $"2 to {MaxClasses} classes", $"{ClassNames.Count}", "Classification needs something to tell apart.");
        }

        (PictureSource pictures, IReadOnlySet<string> held) = WithValidation();
        ImageSet all = PictureReader.Read(Name, pictures, ClassNames.Count, options, like: null, Excluded(options));
        int[]? validation = Validation is null ? null : IndicesOf(all, held);
        if (Test is not { } test)
        {
            return TestHoldout.Split(Name, ClassNames, all, validation);
        }

        return new ImageDataset(
            Name, ClassNames, all, () => PictureReader.Read(Name, test, ClassNames.Count, options, all, NoNames), validation);
    }

    /// <summary>Training and validation pictures as one source, the latter last.</summary>
    private (PictureSource Pictures, IReadOnlySet<string> ValidationNames) WithValidation()
    {
        if (Validation is not { } validation)
        {
            return (Train, NoNames);
        }

        var names = new HashSet<string>();
        IEnumerable<EncodedPicture> ReadBoth()
        {
            foreach (EncodedPicture picture in Train.Read())
            {
                yield return picture;
            }

            foreach (EncodedPicture picture in validation.Read())
            {
                names.Add(picture.Name);
                yield return picture;
            }
        }

        return (new PictureSource($"{Train.Part} and {validation.Part}", ReadBoth, [.. Train.Ignored, .. validation.Ignored]), names);
    }

    private static HashSet<string> Excluded(DatasetOptions options) =>
        options.Exclusions?.UnreadableNames ?? NoNames;

    private static int[] IndicesOf(ImageSet images, IReadOnlySet<string> names) =>
        [.. Enumerable.Range(0, images.Count).Where(i => names.Contains(images.Origin!.Names[i]))];
}
