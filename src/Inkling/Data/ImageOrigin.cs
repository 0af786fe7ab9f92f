using Inkling.Engine.Memory;

namespace Inkling.Data;

/// <summary>What the images of a set were before they were brought to one size: the facts of their files.</summary>
/// <param name="Names">[N] what a user calls each image: a path within the dataset, <c>/</c> between its parts.</param>
/// <param name="Shapes">[N] channels, height and width of each picture as stored.</param>
/// <param name="Fingerprint">Of the pictures as stored, which no recipe can change; docs/data.md.</param>
/// <param name="Thumbnails">Small copies, for finding duplicates whatever size the images were brought to.</param>
/// <param name="Unreadable">Pictures that could not be decoded and are not in the set.</param>
/// <param name="Ignored">Files that are no pictures by their names.</param>
public sealed record ImageOrigin(
    IReadOnlyList<string> Names,
    IReadOnlyList<Shape> Shapes,
    string Fingerprint,
    Thumbnails Thumbnails,
    IReadOnlyList<UnreadablePicture> Unreadable,
    IReadOnlyList<string> Ignored)
{
    /// <summary>The same of some of the images.</summary>
    internal ImageOrigin Subset(ReadOnlySpan<int> indices, string fingerprint)
    {
        string[] names = new string[indices.Length];
        var shapes = new Shape[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            names[i] = Names[indices[i]];
            shapes[i] = Shapes[indices[i]];
        }

        return this with { Names = names, Shapes = shapes, Fingerprint = fingerprint, Thumbnails = Thumbnails.Subset(indices) };
    }
}

/// <summary>A picture that could not be decoded.</summary>
/// <param name="Name">As in <see cref="ImageOrigin.Names"/>.</param>
/// <param name="Fault">What is wrong with it.</param>
public sealed record UnreadablePicture(string Name, string Fault);

/// <summary>Small copies of images, all of one shape.</summary>
/// <param name="Shape">Channels, height, width.</param>
/// <param name="Pixels">[N, C, H, W].</param>
public sealed record Thumbnails(Shape Shape, ReadOnlyMemory<byte> Pixels)
{
    /// <summary>Longest side.</summary>
    public const int MaxSide = 32;

    /// <summary>How many there are.</summary>
    public int Count => Pixels.Length / Shape.Count;

    /// <summary>One, [C, H, W].</summary>
    public ReadOnlySpan<byte> this[int index] => Pixels.Span.Slice(index * Shape.Count, Shape.Count);

    /// <summary>Those of a set: its own images if they are that small, or else reduced copies.</summary>
    public static Thumbnails Of(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Origin is { } origin)
        {
            return origin.Thumbnails;
        }

        var shape = new Shape(images.Channels, Math.Min(images.Height, MaxSide), Math.Min(images.Width, MaxSide));
        if (shape.Count == images.ImageLength)
        {
            return new Thumbnails(shape, images.PixelMemory);
        }

        var resize = new Imaging.BilinearResize(images.Height, images.Width, shape.Height, shape.Width);
        byte[] pixels = new byte[(long)images.Count * shape.Count];
        int source = images.Height * images.Width;
        int target = shape.Height * shape.Width;
        Parallel.For(0, images.Count, i =>
        {
            for (int c = 0; c < shape.Channels; c++)
            {
                resize.Resize(
                    images.Image(i).Slice(c * source, source), 1, pixels.AsSpan((i * shape.Count) + (c * target), target));
            }
        });
        return new Thumbnails(shape, pixels);
    }

    internal Thumbnails Subset(ReadOnlySpan<int> indices)
    {
        byte[] pixels = new byte[indices.Length * Shape.Count];
        for (int i = 0; i < indices.Length; i++)
        {
            this[indices[i]].CopyTo(pixels.AsSpan(i * Shape.Count));
        }

        return this with { Pixels = pixels };
    }
}
