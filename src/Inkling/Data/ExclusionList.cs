using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inkling.Serialization;

namespace Inkling.Data;

/// <summary>
/// Training images to leave out, as <c>inkling data check --write-exclusions</c> finds them. Applied when a dataset is
/// loaded; files are never touched. Test images can't be left out: that would only polish the result.
/// </summary>
/// <remarks>
/// The file is JSON: <c>schema</c> 1, <c>dataset</c>, <c>fingerprint</c> of the training images that the indices count in
/// (null where images have names), and <c>images</c>, each with <c>image</c> (a name, or an index) and <c>reason</c>.
/// Rules: docs/quality.md.
/// </remarks>
public sealed class ExclusionList
{
    /// <summary>The reason that keeps a picture from being decoded at all.</summary>
    public const string Unreadable = "unreadable";

    private const int Schema = 1;

    private ExclusionList(string source, string dataset, string? fingerprint, IReadOnlyList<Exclusion> images, string sha256)
    {
        Source = source;
        Dataset = dataset;
        Fingerprint = fingerprint;
        Images = images;
        Sha256 = sha256;
    }

    /// <summary>What messages call the list.</summary>
    public string Source { get; }

    /// <summary>Name of the dataset that it was made for.</summary>
    public string Dataset { get; }

    /// <summary>Of the training images that indices count in; null where images have names.</summary>
    public string? Fingerprint { get; }

    /// <summary>What to leave out.</summary>
    public IReadOnlyList<Exclusion> Images { get; }

    /// <summary>SHA-256 of the list's bytes; lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>The canonical bytes of a list.</summary>
    /// <param name="dataset">Whose training images are meant.</param>
    /// <param name="images">What to leave out.</param>
    public static string Write(ImageDataset dataset, IEnumerable<Exclusion> images)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(images);
        return CanonicalJson.Write(new JsonObject
        {
            ["schema"] = Schema,
            ["dataset"] = dataset.Name,
            ["fingerprint"] = dataset.Train.Origin is null ? dataset.Train.Fingerprint : null,
            ["images"] = new JsonArray([.. images.Select(image => (JsonNode)new JsonObject
            {
                ["image"] = image.Name is null ? JsonValue.Create(image.Index) : JsonValue.Create(image.Name),
                ["reason"] = image.Reason,
            })]),
        });
    }

    /// <summary>Reads a list.</summary>
    /// <exception cref="DataFormatException">The file is absent or isn't such a list: all faults at once.</exception>
    public static ExclusionList Read(string path)
    {
        byte[] utf8;
        try
        {
            utf8 = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException(path, null, "a list of exclusions", e.Message, "inkling data check --write-exclusions makes one.", e);
        }

        return Parse(utf8, path);
    }

    /// <summary>Reads a list from its bytes.</summary>
    /// <exception cref="DataFormatException">It isn't such a list: all faults at once.</exception>
    public static ExclusionList Parse(byte[] utf8, string source)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(utf8));
        (ExclusionList? list, IReadOnlyList<JsonFault> faults) = StrictJson.Read(utf8, value => Read(value, source, sha256));
        return faults.Count == 0
            ? list!
            : throw new DataFormatException(
                source, null, "a list of exclusions", string.Join("; ", faults), "inkling data check --write-exclusions makes one.");
    }

    /// <summary>Names of pictures that aren't even to be decoded.</summary>
    internal HashSet<string> UnreadableNames => [.. Images.Where(image => image.Reason == Unreadable).Select(image => image.Name ?? "")];

    /// <summary>The dataset with fewer training images.</summary>
    internal ImageDataset Apply(ImageDataset dataset)
    {
        HashSet<int> left = dataset.Train.Origin is { } origin ? IndicesByName(dataset, origin) : IndicesByNumber(dataset);
        int[] kept = [.. Enumerable.Range(0, dataset.Train.Count).Where(i => !left.Contains(i))];
        if (kept.Length == 0)
        {
            throw NotFor(dataset, "some training images to be left", "none");
        }

        HashSet<int>? validation = dataset.Validation is null ? null : [.. dataset.Validation];
        return dataset.WithTrain(
            dataset.Train.Subset(kept),
            validation is null ? null : [.. Enumerable.Range(0, kept.Length).Where(i => validation.Contains(kept[i]))],
            this);
    }

    private HashSet<int> IndicesByName(ImageDataset dataset, ImageOrigin origin)
    {
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < origin.Names.Count; i++)
        {
            indices[origin.Names[i]] = i;
        }

        var left = new HashSet<int>();
        foreach (Exclusion image in Images.Where(image => image.Reason != Unreadable))
        {
            left.Add(image.Name is { } name && indices.TryGetValue(name, out int index)
                ? index
                : throw NotFor(dataset, "names of training images", image.Name ?? $"number {image.Index}"));
        }

        return left;
    }

    private HashSet<int> IndicesByNumber(ImageDataset dataset)
    {
        if (Fingerprint != dataset.Train.Fingerprint)
        {
            throw NotFor(dataset, $"a list made for training images with fingerprint {dataset.Train.Fingerprint}", Fingerprint ?? "none");
        }

        Exclusion? outside = Images.FirstOrDefault(image => image.Index < 0 || image.Index >= dataset.Train.Count);
        return outside is null
            ? [.. Images.Select(image => image.Index)]
            : throw NotFor(dataset, $"images from 0 to {dataset.Train.Count - 1}", outside.Name ?? $"{outside.Index}");
    }

    private DataFormatException NotFor(ImageDataset dataset, string expected, string actual) =>
        new(Source, null, expected, actual, $"Make a list for {dataset.Name}: inkling data check --write-exclusions.");

    private static ExclusionList Read(StrictValue value, string source, string sha256)
    {
        StrictObject list = value.Object("schema", "dataset", "fingerprint", "images");
        list["schema"].Integer(Schema, Schema);
        string? fingerprint = list["fingerprint"].IsNull ? null : list["fingerprint"].Text();
        return new ExclusionList(
            source, list["dataset"].Text(), fingerprint, list["images"].List(new Interval(0, int.MaxValue), ReadImage), sha256);
    }

    private static Exclusion ReadImage(StrictValue value)
    {
        StrictObject image = value.Object("image", "reason");
        return image["image"].IsText
            ? new Exclusion(image["image"].Text(), -1, image["reason"].Text())
            : new Exclusion(null, image["image"].Integer(0, int.MaxValue), image["reason"].Text());
    }
}

/// <summary>One training image to leave out.</summary>
/// <param name="Name">Its name; null if the dataset's images have none.</param>
/// <param name="Index">Its index, if it has no name.</param>
/// <param name="Reason">Why: the id of the check that found it.</param>
public sealed record Exclusion(string? Name, int Index, string Reason);
