using System.Security.Cryptography;
using Inkling.Duplicates;
using Inkling.Engine;
using Inkling.Imaging;

namespace Inkling.Data.Pictures;

/// <summary>Decodes the pictures of a split into an <see cref="ImageSet"/>.</summary>
/// <remarks>
/// Two passes: the first learns sizes, the second decodes. At any time no more than <see cref="BatchSize"/> files and
/// pictures are held besides the images that are kept.
/// </remarks>
internal sealed class PictureReader
{
    /// <summary>Pictures that are decoded together.</summary>
    public const int BatchSize = 64;

    private readonly string _dataset;
    private readonly PictureSource _source;
    private readonly PictureSurvey _survey;
    private readonly IReadOnlySet<string> _excluded;
    private readonly PictureFit _fit;
    private readonly PictureFit _thumbnail;
    private readonly byte[] _pixels;
    private readonly byte[] _thumbnails;
    private readonly PictureHash _content;

    private PictureReader(
        string dataset, PictureSource source, PictureSurvey survey, IReadOnlySet<string> excluded, Shape shape, Shape thumbnail)
    {
        (_dataset, _source, _survey, _excluded) = (dataset, source, survey, excluded);
        _fit = new PictureFit(shape);
        _thumbnail = new PictureFit(thumbnail);
        _pixels = Allocate(shape, "images");
        _thumbnails = Allocate(_thumbnail.Shape, "thumbnails");
        _content = new PictureHash(survey);
    }

    /// <summary>Reads all pictures of a split.</summary>
    /// <param name="dataset">What messages call the dataset.</param>
    /// <param name="source">The pictures.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="options">Size, and what to do about faults.</param>
    /// <param name="like">Another split of the dataset, whose shape these get too; null to choose one.</param>
    /// <param name="excluded">Names of pictures to leave out.</param>
    /// <exception cref="ImageFormatException">A picture can't be decoded.</exception>
    /// <exception cref="DataFormatException">There is no picture, or there are too many for memory.</exception>
    public static ImageSet Read(
        string dataset, PictureSource source, int classCount, DatasetOptions options, ImageSet? like, IReadOnlySet<string> excluded)
    {
        PictureSurvey survey = PictureSurvey.Of(source.Read(), options.SkipUnreadable, excluded);
        if (survey.Names.Count == 0)
        {
            throw new DataFormatException(
                $"{dataset}/{source.Part}", null, "at least one picture that can be read", "none", "Check the files, or the list of exclusions.");
        }

        Shape shape = like is null ? PictureFit.Choose(survey, options.Fit) : new Shape(like.Channels, like.Height, like.Width);
        Shape thumbnail = like?.Origin?.Thumbnails.Shape ?? ThumbnailShape(survey);
        return new PictureReader(dataset, source, survey, excluded, shape, thumbnail).Read(classCount);
    }

    private ImageSet Read(int classCount)
    {
        using var files = new FileListHash();
        int next = 0;
        foreach (EncodedPicture[] batch in _source.Read().Where(IsWanted).Chunk(BatchSize))
        {
            byte[][] stored = new byte[batch.Length][];
            byte[][] fileHashes = new byte[batch.Length][];
            int first = next;
            Ordered.For(batch.Length, i =>
            {
                stored[i] = Decode(batch[i], first + i);
                fileHashes[i] = SHA256.HashData(batch[i].Bytes);
            });
            for (int i = 0; i < batch.Length; i++)
            {
                _content.Append(first + i, stored[i]);
                files.Append(batch[i].Name, fileHashes[i]);
            }

            next += batch.Length;
        }

        ThrowIfChanged(next == _survey.Names.Count, "as many pictures as before");
        return new ImageSet(
            _fit.Shape.Channels, _fit.Shape.Height, _fit.Shape.Width, classCount, _pixels, [.. _survey.Labels],
            new Dictionary<string, string> { [_source.Part] = files.Finish() },
            new ImageOrigin(
                _survey.Names, _survey.Shapes, _content.Finish(_survey.Labels), new Thumbnails(_thumbnail.Shape, _thumbnails),
                _survey.Unreadable, _source.Ignored));
    }

    private bool IsWanted(EncodedPicture picture) => !_excluded.Contains(picture.Name) && !_survey.IsUnreadable(picture.Name);

    /// <summary>Puts a picture into its places.</summary>
    /// <returns>Its planes as stored, for the fingerprint.</returns>
    private byte[] Decode(in EncodedPicture picture, int index)
    {
        DecodedImage decoded = ImageDecoder.Decode(picture.Bytes, picture.Path);
        ThrowIfChanged(
            index < _survey.Names.Count && _survey.Names[index] == picture.Name
                && _survey.Shapes[index] == new Shape(decoded.Channels, decoded.Height, decoded.Width),
            $"{picture.Name} as before");
        _fit.Write(decoded, _pixels.AsSpan(index * _fit.Shape.Count, _fit.Shape.Count));
        _thumbnail.Write(decoded, _thumbnails.AsSpan(index * _thumbnail.Shape.Count, _thumbnail.Shape.Count));
        return decoded.ToPlanes(decoded.Channels);
    }

    private void ThrowIfChanged(bool isAsBefore, string expected)
    {
        if (!isAsBefore)
        {
            throw new DataFormatException(
                _dataset, null, expected, "something else", "The files changed while they were read: try again.");
        }
    }

    private byte[] Allocate(Shape shape, string what)
    {
        long length = (long)_survey.Names.Count * shape.Count;
        return length <= Array.MaxLength
            ? GC.AllocateUninitializedArray<byte>((int)length)
            : throw new DataFormatException(
                $"{_dataset}/{_source.Part}", null, $"at most {Array.MaxLength} bytes of {what}",
                $"{_survey.Names.Count} of {shape}", "Choose a recipe with a smaller input, or fewer pictures.");
    }

    private static Shape ThumbnailShape(PictureSurvey survey) =>
        survey.CommonSize is var (height, width) && Math.Max(height, width) <= Thumbnails.MaxSide
            ? new Shape(survey.Channels, height, width)
            : new Shape(survey.Channels, Thumbnails.MaxSide, Thumbnails.MaxSide);
}
