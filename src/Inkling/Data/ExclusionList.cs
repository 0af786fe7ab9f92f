using System.Security.Cryptography;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

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

    private static readonly JsonShape<Content> Json = new JsonShape<Content>(new("", null, []))
        .Constant("schema", Integer(Schema, Schema), Schema)
        .Required("dataset", Text, x => x.Dataset, (x, v) => x with { Dataset = v })
        .Required("fingerprint", OrNull(Text), x => x.Fingerprint, (x, v) => x with { Fingerprint = v })
        .Required("images", List(Exclusion.Json), x => x.Images, (x, v) => x with { Images = v });

    private readonly Content _content;

    private ExclusionList(string source, Content content, string sha256)
    {
        Source = source;
        _content = content;
        Sha256 = sha256;
    }

    /// <summary>What messages call the list.</summary>
    public string Source { get; }

    /// <summary>Name of the dataset that it was made for.</summary>
    public string Dataset => _content.Dataset;

    /// <summary>Of the training images that indices count in; null where images have names.</summary>
    public string? Fingerprint => _content.Fingerprint;

    /// <summary>What to leave out.</summary>
    public IReadOnlyList<Exclusion> Images => _content.Images;

    /// <summary>SHA-256 of the list's bytes; lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>The canonical bytes of a list.</summary>
    /// <param name="dataset">Whose training images are meant.</param>
    /// <param name="images">What to leave out.</param>
    public static string Write(ImageDataset dataset, IEnumerable<Exclusion> images)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(images);
        string? fingerprint = dataset.Train.Origin is null ? dataset.Train.Fingerprint : null;
        return CanonicalJson.Write(Json.Write(new Content(dataset.Name, fingerprint, [.. images])));
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
            throw new DataFormatException(
                path, null, "a list of exclusions", e.Message, "inkling data check --write-exclusions makes one.", e);
        }

        return Parse(utf8, path);
    }

    /// <summary>Reads a list from its bytes.</summary>
    /// <exception cref="DataFormatException">It isn't such a list: all faults at once.</exception>
    public static ExclusionList Parse(byte[] utf8, string source)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        (Content? content, IReadOnlyList<JsonFault> faults) = Json.Parse(utf8);
        return faults.Count == 0
            ? new ExclusionList(source, content!, Convert.ToHexStringLower(SHA256.HashData(utf8)))
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

    private sealed record Content(string Dataset, string? Fingerprint, IReadOnlyList<Exclusion> Images);
}

/// <summary>One training image to leave out.</summary>
/// <param name="Name">Its name; null if the dataset's images have none.</param>
/// <param name="Index">Its index, if it has no name.</param>
/// <param name="Reason">Why: the id of the check that found it.</param>
public sealed record Exclusion(string? Name, int Index, string Reason)
{
    private static readonly JsonForm<(string? Name, int Index)> NameOrIndex = TextOr<(string? Name, int Index)>(
        Text,
        name => (name, -1),
        image => image.Name,
        Integer().As<(string? Name, int Index)>(index => (null, index), image => image.Index));

    internal static JsonShape<Exclusion> Json { get; } = new JsonShape<Exclusion>(new(null, 0, ""))
        .Required("image", NameOrIndex, x => (x.Name, x.Index), (x, v) => x with { Name = v.Name, Index = v.Index })
        .Required("reason", Text, x => x.Reason, (x, v) => x with { Reason = v });
}
