using Inkling.Preprocessing;

namespace Inkling.Augmentation;

/// <summary>A rectangle of an image, in fractions of its width and height.</summary>
internal readonly record struct ImageBox(double Left, double Top, double Right, double Bottom)
{
    public static ImageBox Whole { get; } = new(0, 0, 1, 1);

    public double Area => (Right - Left) * (Bottom - Top);

    /// <summary>A rectangle about a place; what lies beyond the image is cut off.</summary>
    public static ImageBox Around(double x, double y, double width, double height) => new(
        Math.Max(x - width / 2, 0), Math.Max(y - height / 2, 0), Math.Min(x + width / 2, 1), Math.Min(y + height / 2, 1));

    /// <summary>The pixels whose centres lie in it: rows from Top up to Bottom, columns from Left up to Right, ends not included.</summary>
    public (int Left, int Top, int Right, int Bottom) On(in PlaneLayout grid) => (
        (int)Math.Round(Left * grid.Width), (int)Math.Round(Top * grid.Height),
        (int)Math.Round(Right * grid.Width), (int)Math.Round(Bottom * grid.Height));
}
