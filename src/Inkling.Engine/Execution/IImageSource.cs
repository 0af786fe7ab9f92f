namespace Inkling.Engine;

/// <summary>Where a chunk's images come from. Called by several threads at once, each for its own place.</summary>
public interface IImageSource
{
    /// <summary>Writes one image into the network's input.</summary>
    /// <param name="epoch">Epoch, the key of random augmentation.</param>
    /// <param name="sample">Index of the image in the dataset.</param>
    /// <param name="destination">Where its pixels go.</param>
    /// <returns>The label.</returns>
    int Load(int epoch, int sample, ImageView destination);

    /// <summary>What the network should answer; the label alone, unless the source mixes images.</summary>
    /// <param name="epoch">Epoch, the key of random augmentation.</param>
    /// <param name="sample">Index of the image in the dataset.</param>
    /// <param name="label">What <see cref="Load"/> returned.</param>
    /// <param name="target">[K], overwritten: a probability for each class, 1 in all.</param>
    void Target(int epoch, int sample, int label, Span<double> target)
    {
        target.Clear();
        target[label] = 1;
    }
}

/// <summary>The place of one image in a chunk's input tensor.</summary>
public readonly unsafe ref struct ImageView
{
    private readonly Tensor _tensor;
    private readonly int _image;

    internal ImageView(Tensor tensor, int image)
    {
        _tensor = tensor;
        _image = image;
    }

    /// <summary>C, H, W.</summary>
    public Shape Shape => _tensor.Shape;

    /// <summary>Floats from a row to the next; the border between them belongs to the engine and stays zero.</summary>
    public int RowStride => _tensor.RowStride;

    /// <summary>Floats from a channel to the next.</summary>
    public int ChannelStride => _tensor.BlockStride;

    /// <summary>From the first pixel of the first channel to the last pixel of the last one.</summary>
    /// <exception cref="InvalidOperationException">The network reads its image in blocks of channels, not in planes.</exception>
    public Span<float> Planes => _tensor.Lanes == 1
        ? new Span<float>(
            _tensor.At(0, _image, 0, 0),
            (Shape.Channels - 1) * ChannelStride + (Shape.Height - 1) * RowStride + Shape.Width)
        : throw new InvalidOperationException("the image is blocked by channels; begin the network with a convolution");

    /// <summary>One value.</summary>
    public float this[int channel, int row, int column]
    {
        get => _tensor[_image, channel, row, column];
        set => _tensor[_image, channel, row, column] = value;
    }
}
