using Inkling.Engine;
using Inkling.Imaging;

namespace Inkling.Data.Pictures;

/// <summary>Brings pictures of any size and colour to one shape.</summary>
/// <remarks>
/// The whole picture is scaled, as <c>predict</c> does with <c>"framing": "none"</c>: antialiased bilinear, Pillow's bytes.
/// Safe for several threads.
/// </remarks>
internal sealed class PictureFit(Shape shape)
{
    /// <summary>Longest side of images that no recipe asked for.</summary>
    public const int MaxSide = 64;

    // Sizes repeat in most folders; a folder where they don't must not keep a filter for each.
    private const int MaxFilters = 64;

    private readonly Dictionary<(int Height, int Width), BilinearResize> _filters = [];

    /// <summary>C, H, W of every image.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>The one shape for pictures that were surveyed.</summary>
    /// <param name="survey">Their sizes and colours.</param>
    /// <param name="wanted">The network's input; null to keep as much as <see cref="MaxSide"/> allows.</param>
    public static Shape Choose(PictureSurvey survey, Shape? wanted)
    {
        int channels = wanted?.Channels ?? survey.Channels;
        if (survey.CommonSize is var (height, width) && height <= (wanted?.Height ?? MaxSide) && width <= (wanted?.Width ?? MaxSide))
        {
            return new Shape(channels, height, width);
        }

        if (wanted is { } input)
        {
            return input;
        }

        (int medianHeight, int medianWidth) = survey.MedianSize;
        int longer = Math.Max(medianHeight, medianWidth);
        int side = Math.Min(longer, MaxSide);
        return new Shape(
            channels, Math.Max(1, (int)((long)medianHeight * side / longer)), Math.Max(1, (int)((long)medianWidth * side / longer)));
    }

    /// <summary>Writes one picture.</summary>
    /// <param name="picture">Any size, grey or colour.</param>
    /// <param name="destination">[C, H, W].</param>
    public void Write(DecodedImage picture, Span<byte> destination)
    {
        byte[] planes = picture.ToPlanes(Shape.Channels);
        if (picture.Height == Shape.Height && picture.Width == Shape.Width)
        {
            planes.CopyTo(destination);
            return;
        }

        BilinearResize resize = FilterFor(picture.Height, picture.Width);
        int source = picture.Height * picture.Width;
        int target = Shape.Height * Shape.Width;
        for (int channel = 0; channel < Shape.Channels; channel++)
        {
            resize.Resize(planes.AsSpan(channel * source, source), 1, destination.Slice(channel * target, target));
        }
    }

    private BilinearResize FilterFor(int height, int width)
    {
        lock (_filters)
        {
            if (!_filters.TryGetValue((height, width), out BilinearResize? filter))
            {
                filter = new BilinearResize(height, width, Shape.Height, Shape.Width);
                if (_filters.Count < MaxFilters)
                {
                    _filters.Add((height, width), filter);
                }
            }

            return filter;
        }
    }
}
