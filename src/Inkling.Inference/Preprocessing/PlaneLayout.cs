using Inkling.Engine;

namespace Inkling.Preprocessing;

/// <summary>Where the pixels of one image stand in a buffer of floats: channel c, row y, column x at
/// c·PlaneStride + y·RowStride + x.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="RowStride">Floats from one row to the next; at least <paramref name="Width"/>.</param>
/// <param name="PlaneStride">Floats from one channel to the next.</param>
/// <remarks>Padding between rows and planes belongs to the caller and is never written.</remarks>
public readonly record struct PlaneLayout(int Height, int Width, int RowStride, int PlaneStride)
{
    /// <summary>The place of an image in a network's input.</summary>
    public static PlaneLayout Of(ImageView image) =>
        new(image.Shape.Height, image.Shape.Width, image.RowStride, image.ChannelStride);

    /// <summary>Rows and planes without padding.</summary>
    public static PlaneLayout Dense(int height, int width) => new(height, width, width, height * width);

    /// <summary>Floats from the first pixel of the first channel to the last pixel of the last one, inclusive.</summary>
    public int Extent(int channels) => (channels - 1) * PlaneStride + (Height - 1) * RowStride + Width;

    /// <summary>Refuses a buffer that doesn't hold an image of so many channels, or a layout that overlaps itself.</summary>
    /// <param name="channels">Number of planes.</param>
    /// <param name="lengthFloats">Of the buffer.</param>
    /// <exception cref="ArgumentException">It doesn't.</exception>
    public void ThrowIfTooSmall(int channels, int lengthFloats)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1, nameof(Height));
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1, nameof(Width));
        ArgumentOutOfRangeException.ThrowIfLessThan(RowStride, Width, nameof(RowStride));
        ArgumentOutOfRangeException.ThrowIfNegative(PlaneStride, nameof(PlaneStride));
        if (lengthFloats < Extent(channels))
        {
            throw new ArgumentException($"{channels} planes of {this} span {Extent(channels)} floats, received {lengthFloats}.");
        }
    }
}
