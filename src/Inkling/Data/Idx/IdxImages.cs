namespace Inkling.Data.Idx;

/// <summary>Joins a file of images and a file of labels.</summary>
internal static class IdxImages
{
    /// <summary>Reads both files and holds them against each other.</summary>
    /// <param name="images">[N, H, W], read as one channel.</param>
    /// <param name="labels">[N].</param>
    /// <param name="classCount">Number of classes; null to take the highest label plus one.</param>
    /// <exception cref="DataFormatException">A file is faulty, the counts differ, or a label is out of range.</exception>
    public static ImageSet Read(IdxFile images, IdxFile labels, int? classCount)
    {
        IdxArray labelArray = IdxReader.Read(labels, rank: 1);
        IdxArray imageArray = IdxReader.Read(images, rank: 3);
        if (labelArray.Shape[0] != imageArray.Shape[0])
        {
            throw new DataFormatException(
                labels.Path, 4, $"{imageArray.Shape[0]} labels, one per image", $"{labelArray.Shape[0]}",
                $"Take both files from the same dataset as {images.Path}.");
        }

        int classes = classCount ?? labelArray.Values.Max() + 1;
        int outlier = labelArray.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (outlier >= 0)
        {
            throw new DataFormatException(
                labels.Path, 8 + (long)outlier, $"labels from 0 to {classes - 1}", $"{labelArray.Values[outlier]}",
                $"Label {outlier} is damaged, or belongs to another dataset.");
        }

        return new ImageSet(
            channels: 1, imageArray.Shape[1], imageArray.Shape[2], classes, imageArray.Values,
            Array.ConvertAll(labelArray.Values, label => (int)label),
            new Dictionary<string, string> { [images.Name] = imageArray.Sha256, [labels.Name] = labelArray.Sha256 });
    }

    /// <summary>Names for classes that have none of their own: "0", "1", …</summary>
    public static string[] NumberedClasses(int count) => [.. Enumerable.Range(0, count).Select(label => $"{label}")];
}
