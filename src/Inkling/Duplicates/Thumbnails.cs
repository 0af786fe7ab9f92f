using Inkling.Engine;

namespace Inkling.Duplicates;

/// <summary>Small copies of images, all of one shape.</summary>
public sealed class Thumbnails
{
    // Splits follow each other without being copied into one array.
    private readonly ReadOnlyMemory<byte>[] _parts;

    /// <summary>Wraps pixels without copying them.</summary>
    /// <param name="shape">Channels, height, width.</param>
    /// <param name="pixels">[N, C, H, W].</param>
    public Thumbnails(Shape shape, ReadOnlyMemory<byte> pixels)
        : this(shape, [pixels])
    {
    }

    private Thumbnails(Shape shape, ReadOnlyMemory<byte>[] parts)
    {
        Shape = shape;
        _parts = parts;
        Count = parts.Sum(part => part.Length / shape.Count);
    }

    /// <summary>Longest side.</summary>
    public const int MaxSide = 32;

    /// <summary>Channels, height, width.</summary>
    public Shape Shape { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>One, [C, H, W].</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int part = 0;
            while (index >= _parts[part].Length / Shape.Count)
            {
                index -= _parts[part++].Length / Shape.Count;
            }

            return _parts[part].Span.Slice(index * Shape.Count, Shape.Count);
        }
    }

    /// <summary>These, and then others of the same shape.</summary>
    internal Thumbnails Followed(Thumbnails? others) => others is null ? this : new Thumbnails(Shape, [.. _parts, .. others._parts]);

    internal Thumbnails Subset(ReadOnlySpan<int> indices)
    {
        byte[] pixels = new byte[indices.Length * Shape.Count];
        for (int i = 0; i < indices.Length; i++)
        {
            this[indices[i]].CopyTo(pixels.AsSpan(i * Shape.Count));
        }

        return new Thumbnails(Shape, pixels);
    }
}
