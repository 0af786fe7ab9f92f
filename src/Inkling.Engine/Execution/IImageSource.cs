namespace Inkling.Engine.Execution;

/// <summary>Where a chunk's images come from. Called by several threads at once, each for its own place.</summary>
public interface IImageSource
{
    /// <summary>Writes one image into the network's input.</summary>
    /// <param name="epoch">Epoch, the key of random augmentation.</param>
    /// <param name="sample">Index of the image in the dataset.</param>
    /// <param name="destination">Where its pixels go.</param>
    /// <returns>The label.</returns>
    int Load(int epoch, int sample, ImageView destination);
}

/// <summary>The place of one image in a chunk's input tensor.</summary>
public readonly unsafe ref struct ImageView
{
    private readonly Memory.Tensor _tensor;
    private readonly int _image;

    internal ImageView(Memory.Tensor tensor, int image)
    {
        _tensor = tensor;
        _image = image;
    }

    /// <summary>C, H, W.</summary>
    public Memory.Shape Shape => _tensor.Shape;

    /// <summary>Whether a row of a channel is contiguous, so that <see cref="Row"/> may be used.</summary>
    public bool IsPlanar => _tensor.Lanes == 1;

    /// <summary>A channel's row of pixels, where the image is planar.</summary>
    public Span<float> Row(int channel, int row) => IsPlanar
        ? new Span<float>(_tensor.At(channel, _image, row, 0), _tensor.Shape.Width)
        : throw new InvalidOperationException("rows of a channel-blocked image are not contiguous");

    /// <summary>One value.</summary>
    public float this[int channel, int row, int column]
    {
        get => _tensor[_image, channel, row, column];
        set => _tensor[_image, channel, row, column] = value;
    }
}
