using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;

namespace Inkling.Evaluation;

/// <summary>Images as a network sees them outside training: resized as Pillow does, normalised, never moved.</summary>
internal sealed class EvaluationImages(ImageSet images, Normalization normalization) : IImageSource
{
    private readonly PixelNormalization[] _normalization = normalization.ToPixels();

    // The layout belongs to the engine's tensors, which the first image shows.
    private EvaluationTransform? _transform;

    public int Load(int epoch, int sample, ImageView destination)
    {
        EvaluationTransform transform = _transform ??= new EvaluationTransform(
            images.Height, images.Width, _normalization, PlaneLayout.Of(destination));
        transform.Apply(images.Image(sample), destination.Planes);
        return images.Labels[sample];
    }
}
