using Inkling.Engine;

namespace Inkling.Preprocessing;

/// <summary>Decoded images of one size, before any preprocessing.</summary>
public interface IRawImages
{
    /// <summary>H, in pixels.</summary>
    int Height { get; }

    /// <summary>W, in pixels.</summary>
    int Width { get; }

    /// <summary>One image, [C, H, W], 0 to 255.</summary>
    ReadOnlySpan<byte> Image(int index);

    /// <summary>Its label; 0 where there are none.</summary>
    int Label(int index);
}

/// <summary>
/// Images as a network sees them outside training: resized as Pillow does, normalised, never moved. The one way from bytes to a
/// network's input, for evaluation, checks, explanations, export and prediction alike.
/// </summary>
/// <param name="images">The images.</param>
/// <param name="normalization">Of the images that trained; one channel for each of theirs.</param>
/// <remarks>Serves any number of threads at once.</remarks>
public sealed class PreprocessedImages(IRawImages images, Normalization normalization) : IImageSource
{
    private readonly PixelNormalization[] _normalization = normalization.ToPixels();

    // For the layout that was met last. A trainer's and a predictor's differ, so it is asked each time; threads may replace it.
    private EvaluationTransform? _transform;

    /// <inheritdoc/>
    public int Load(int epoch, int sample, ImageView destination)
    {
        TransformTo(PlaneLayout.Of(destination)).Apply(images.Image(sample), destination.Planes);
        return images.Label(sample);
    }

    /// <summary>One image without the network's borders, [C, H, W]: what other engines take.</summary>
    /// <param name="sample">Which.</param>
    /// <param name="input">Of the network.</param>
    public float[] Dense(int sample, Shape input)
    {
        float[] pixels = new float[input.Count];
        TransformTo(PlaneLayout.Dense(input.Height, input.Width)).Apply(images.Image(sample), pixels);
        return pixels;
    }

    private EvaluationTransform TransformTo(PlaneLayout layout) => _transform is { } known && known.Layout == layout
        ? known
        : _transform = new EvaluationTransform(images.Height, images.Width, _normalization, layout);
}
