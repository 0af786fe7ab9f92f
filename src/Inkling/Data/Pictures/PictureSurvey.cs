using Inkling.Engine;
using Inkling.Imaging;

namespace Inkling.Data.Pictures;

/// <summary>Sizes, colours and labels of pictures, learned before any memory is taken for their pixels.</summary>
internal sealed class PictureSurvey
{
    private readonly List<UnreadablePicture> _unreadable = [];
    private readonly HashSet<string> _unreadableNames = [];

    private PictureSurvey()
    {
    }

    /// <summary>Channels, height and width as stored, of those that can be read.</summary>
    public List<Shape> Shapes { get; } = [];

    public List<int> Labels { get; } = [];

    public List<string> Names { get; } = [];

    public IReadOnlyList<UnreadablePicture> Unreadable => _unreadable;

    /// <summary>3 if any picture has colour.</summary>
    public int Channels => Shapes.Exists(shape => shape.Channels == 3) ? 3 : 1;

    /// <summary>The size of all pictures; null if they differ.</summary>
    public (int Height, int Width)? CommonSize =>
        Shapes.TrueForAll(shape => (shape.Height, shape.Width) == (Shapes[0].Height, Shapes[0].Width))
            ? (Shapes[0].Height, Shapes[0].Width)
            : null;

    /// <summary>Lower medians of heights and widths.</summary>
    public (int Height, int Width) MedianSize => (
        Shapes.Select(shape => shape.Height).Order().ElementAt((Shapes.Count - 1) / 2),
        Shapes.Select(shape => shape.Width).Order().ElementAt((Shapes.Count - 1) / 2));

    /// <summary>Goes through all pictures once.</summary>
    /// <param name="pictures">In their order.</param>
    /// <param name="skipUnreadable">Decode each whole and note those that can't be; otherwise only headers are read, and the first fault
    /// ends it.</param>
    /// <param name="excluded">Names to pass over.</param>
    public static PictureSurvey Of(IEnumerable<EncodedPicture> pictures, bool skipUnreadable, IReadOnlySet<string> excluded)
    {
        var survey = new PictureSurvey();
        foreach (EncodedPicture[] batch in pictures.Where(picture => !excluded.Contains(picture.Name)).Chunk(PictureReader.BatchSize))
        {
            var shapes = new Shape[batch.Length];
            string?[] faults = new string?[batch.Length];
            Ordered.For(batch.Length, i =>
            {
                try
                {
                    shapes[i] = Identify(batch[i], whole: skipUnreadable);
                }
                catch (ImageFormatException fault) when (skipUnreadable)
                {
                    faults[i] = fault.Message;
                }
            });
            for (int i = 0; i < batch.Length; i++)
            {
                survey.Add(batch[i], shapes[i], faults[i]);
            }
        }

        return survey;
    }

    public bool IsUnreadable(string name) => _unreadableNames.Contains(name);

    private void Add(in EncodedPicture picture, Shape shape, string? fault)
    {
        if (fault is not null)
        {
            _unreadable.Add(new UnreadablePicture(picture.Name, fault));
            _unreadableNames.Add(picture.Name);
            return;
        }

        Shapes.Add(shape);
        Labels.Add(picture.Label);
        Names.Add(picture.Name);
    }

    private static Shape Identify(in EncodedPicture picture, bool whole)
    {
        if (whole)
        {
            DecodedImage decoded = ImageDecoder.Decode(picture.Bytes, picture.Path);
            return new Shape(decoded.Channels, decoded.Height, decoded.Width);
        }

        (int channels, int height, int width) = ImageDecoder.Identify(picture.Bytes, picture.Path);
        return new Shape(channels, height, width);
    }
}
