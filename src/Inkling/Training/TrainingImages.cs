using Inkling.Augmentation;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;
using Inkling.Training.Recipes;

namespace Inkling.Training;

/// <summary>
/// The training images as a network sees them: changed at random, resampled onto its input, normalised, mixed with others.
/// </summary>
internal sealed class TrainingImages : IImageSource
{
    private static readonly AugmentationPipeline Unchanged = new();

    private readonly ImageSet _images;
    private readonly int[] _partners;
    private readonly Recipe _recipe;
    private readonly PixelNormalization[] _normalization;
    private readonly ulong _seed;

    /// <param name="images">Training and validation images.</param>
    /// <param name="partners">Indices of the training images, with which others may be mixed.</param>
    /// <param name="recipe">Says how images are changed in each epoch.</param>
    /// <param name="normalization">Of the training images.</param>
    /// <param name="seed">The run's.</param>
    internal TrainingImages(
        ImageSet images, ReadOnlySpan<int> partners, Recipe recipe, Normalization normalization, ulong seed)
    {
        _images = images;
        _partners = partners.ToArray();
        _seed = seed;
        _normalization = normalization.ToPixels();
        _recipe = recipe;
    }

    public int Load(int epoch, int sample, ImageView destination)
    {
        Write(epoch, sample, PlaneLayout.Of(destination), destination.Planes);
        return _images.Labels[sample];
    }

    public void Target(int epoch, int sample, int label, Span<double> target)
    {
        Mixture? mixture = Augmentation(epoch).Mix(Key(epoch, sample), _partners);
        target.Clear();
        target[label] = mixture?.Share ?? 1;
        if (mixture is { } mixed)
        {
            target[_images.Labels[mixed.Partner]] += 1 - mixed.Share;
        }
    }

    /// <summary>Writes one image of an epoch.</summary>
    internal void Write(int epoch, int sample, in PlaneLayout layout, Span<float> destination)
    {
        AugmentationPipeline augmentation = Augmentation(epoch);
        ImageKey key = Key(epoch, sample);
        augmentation.Apply(_images, key, _normalization, layout, destination);
        if (augmentation.Mix(key, _partners) is not { } mixture)
        {
            return;
        }

        PlaneLayout dense = PlaneLayout.Dense(layout.Height, layout.Width);
        using Rented<float> partner = new(dense.Extent(_images.Channels));
        augmentation.Apply(_images, Key(epoch, mixture.Partner), _normalization, dense, partner.Span);
        mixture.Apply(destination, layout, partner.Span, dense, _images.Channels);
    }

    private AugmentationPipeline Augmentation(int epoch) => _recipe.AugmentationIn(epoch) ?? Unchanged;

    private ImageKey Key(int epoch, int sample) => new(_seed, (uint)epoch, (uint)sample);
}
