using Inkling.Augmentation;
using Inkling.Data;
using Inkling.Engine.Execution;

namespace Inkling.Training;

/// <summary>The training images as a network sees them: moved at random, resampled onto its input, normalised.</summary>
internal sealed class TrainingImages : IImageSource
{
    private readonly ImageSet _images;
    private readonly AffineAugmentation _augmentation;
    private readonly PixelNormalization[] _normalization;
    private readonly ulong _seed;

    internal TrainingImages(ImageSet images, AffineAugmentation? augmentation, Normalization normalization, ulong seed)
    {
        _images = images;
        _seed = seed;
        _normalization = normalization.ToPixels();
        _augmentation = augmentation ?? new AffineAugmentation();
    }

    public int Load(int epoch, int sample, ImageView destination)
    {
        AffineMap map = _augmentation.Draw(_seed, (uint)epoch, (uint)sample);
        AffineSampler.Sample(
            _images.Image(sample), _images.Channels, _images.Height, _images.Width, map, _normalization, PlaneLayout.Of(destination), destination.Planes);
        return _images.Labels[sample];
    }
}
