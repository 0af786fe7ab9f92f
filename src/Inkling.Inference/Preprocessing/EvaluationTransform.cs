using System.Buffers;
using Inkling.Imaging;

namespace Inkling.Preprocessing;

/// <summary>An image on its way into the network outside training: resized, normalised, never moved.</summary>
/// <remarks>Immutable: one instance serves any number of threads. Allocates nothing for planes up to 8,192 pixels.</remarks>
public sealed class EvaluationTransform
{
    private const int StackBytes = 8192;

    private readonly int _sourceLength;
    private readonly BilinearResize _resize;
    private readonly PixelNormalization[] _normalization;

    /// <summary>Prepares for images of one shape.</summary>
    /// <param name="height">Rows of the images.</param>
    /// <param name="width">Columns of the images.</param>
    /// <param name="normalization">One for each channel.</param>
    /// <param name="layout">The network's input grid.</param>
    public EvaluationTransform(int height, int width, ReadOnlySpan<PixelNormalization> normalization, in PlaneLayout layout)
    {
        _sourceLength = height * width;
        _resize = new BilinearResize(height, width, layout.Height, layout.Width);
        Layout = layout;
        _normalization = normalization.ToArray();
    }

    /// <summary>The network's input grid.</summary>
    public PlaneLayout Layout { get; }

    /// <summary>Transforms one image.</summary>
    /// <param name="image">[channels, height, width] bytes.</param>
    /// <param name="destination">Starts at the first pixel of the first channel; only the grid's pixels are written.</param>
    /// <exception cref="ArgumentException">A length does not fit its shape.</exception>
    public void Apply(ReadOnlySpan<byte> image, Span<float> destination)
    {
        Layout.ThrowIfTooSmall(_normalization.Length, destination.Length);
        if (image.Length != _normalization.Length * _sourceLength)
        {
            throw new ArgumentException(
                $"evaluate: image has {image.Length} bytes, {_normalization.Length} channels of {_sourceLength} were expected.");
        }

        int length = Layout.Height * Layout.Width;
        byte[]? borrowed = length > StackBytes ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> resized = borrowed is null ? stackalloc byte[length] : borrowed.AsSpan(0, length);
        for (int channel = 0; channel < _normalization.Length; channel++)
        {
            _resize.Resize(image.Slice(channel * _sourceLength, _sourceLength), 1, resized);
            Normalize(resized, _normalization[channel], destination[(channel * Layout.PlaneStride)..]);
        }

        if (borrowed is not null)
        {
            ArrayPool<byte>.Shared.Return(borrowed);
        }
    }

    private void Normalize(ReadOnlySpan<byte> pixels, PixelNormalization normalization, Span<float> plane)
    {
        for (int y = 0; y < Layout.Height; y++)
        {
            ReadOnlySpan<byte> source = pixels.Slice(y * Layout.Width, Layout.Width);
            Span<float> row = plane.Slice(y * Layout.RowStride, Layout.Width);
            for (int x = 0; x < source.Length; x++)
            {
                row[x] = normalization.Apply(source[x]);
            }
        }
    }
}
