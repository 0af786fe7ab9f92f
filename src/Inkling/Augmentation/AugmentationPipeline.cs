using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>The random changes of a training image; what is null is not made. Formulae: each transform's own file.</summary>
/// <remarks>
/// In this order: stroke thickness, blur, noise and transforms of one's own change the original's bytes; movement, mirroring, perspective
/// and elastic
/// distortion are composed and sampled once, straight onto the network's grid, normalised on the way with the tone folded in;
/// cutout works on the result; mixup, and cutmix where mixup didn't happen, join two finished images.
/// Each transform draws from a stream of its own: switching one off leaves the others as they were.
/// </remarks>
public sealed record AugmentationPipeline
{
    private const string OwnKey = "own";

    private static readonly AugmentationPipeline None = new();

    /// <summary>Its keys in a recipe: the four movements, and one for each transform that is made.</summary>
    internal static JsonShape<AugmentationPipeline> Json { get; } = new JsonShape<AugmentationPipeline>(None)
        .Include(AffineAugmentation.Json, x => x.Movement, (x, v) => x with { Movement = v })
        .Optional("mirror", Flag, x => x.Mirror, (x, v) => x with { Mirror = v })
        .Optional("perspective", Perspective.Json, x => x.Perspective, (x, v) => x with { Perspective = v })
        .Optional("elastic_distortion", ElasticDistortion.Json, x => x.ElasticDistortion, (x, v) => x with { ElasticDistortion = v })
        .Optional("stroke_thickness", StrokeThickness.Json, x => x.StrokeThickness, (x, v) => x with { StrokeThickness = v })
        .Optional("blur", Blur.Json, x => x.Blur, (x, v) => x with { Blur = v })
        .Optional("pixel_noise", PixelNoise.Json, x => x.PixelNoise, (x, v) => x with { PixelNoise = v })
        .Optional("tone", Tone.Json, x => x.Tone, (x, v) => x with { Tone = v })
        .Optional("cutout", Cutout.Json, x => x.Cutout, (x, v) => x with { Cutout = v })
        .Optional("mixup", Mixup.Json, x => x.Mixup, (x, v) => x with { Mixup = v })
        .Optional("cutmix", Cutmix.Json, x => x.Cutmix, (x, v) => x with { Cutmix = v })
        .Optional(OwnKey, List(OwnTransform.Json, 1, 100), x => x.Own.Count > 0 ? x.Own : null, (x, v) => x with { Own = v });

    /// <summary>Rotation, scale, shear and shift.</summary>
    public AffineAugmentation Movement { get; init; } = new();

    /// <summary>Whether every other image, at random, is mirrored left to right. Never for digits or letters.</summary>
    public bool Mirror { get; init; }

    /// <summary>Tilt; null for none.</summary>
    public Perspective? Perspective { get; init; }

    /// <summary>Bending; null for none.</summary>
    public ElasticDistortion? ElasticDistortion { get; init; }

    /// <summary>Dilation and erosion; null for none.</summary>
    public StrokeThickness? StrokeThickness { get; init; }

    /// <summary>Gaussian blur; null for none.</summary>
    public Blur? Blur { get; init; }

    /// <summary>Noise; null for none.</summary>
    public PixelNoise? PixelNoise { get; init; }

    /// <summary>Contrast and brightness; null for none.</summary>
    public Tone? Tone { get; init; }

    /// <summary>A hidden square; null for none.</summary>
    public Cutout? Cutout { get; init; }

    /// <summary>Blending of two images; null for none.</summary>
    public Mixup? Mixup { get; init; }

    /// <summary>Pasting of one image into another; null for none.</summary>
    public Cutmix? Cutmix { get; init; }

    /// <summary>Transforms of one's own, in the order in which they are made; names differ.</summary>
    public IReadOnlyList<OwnTransform> Own { get; init; } = [];

    /// <summary>Names of the transforms that are made, beside the four movements.</summary>
    internal IEnumerable<string> TransformNames =>
    [
        .. Json.Write(this).Select(member => member.Key).Except([.. Json.Write(None).Select(member => member.Key), OwnKey]),
        .. Own.Select(own => own.Name),
    ];

    /// <summary>One image as training sees it before it is joined with another: a pure function of the arguments.</summary>
    /// <param name="images">The training set.</param>
    /// <param name="key">Which image of it, when, and in which run.</param>
    /// <param name="normalization">One for each channel.</param>
    /// <param name="layout">The target grid and its place in <paramref name="destination"/>.</param>
    /// <param name="destination">Starts at the first pixel of the first channel; only the grid's pixels are written.</param>
    public void Apply(
        ImageSet images, ImageKey key, ReadOnlySpan<PixelNormalization> normalization, in PlaneLayout layout, Span<float> destination)
    {
        ReadOnlySpan<byte> image = images.Image((int)key.Sample);
        bool changesBytes = StrokeThickness is not null || Blur is not null || PixelNoise is not null || Own.Count > 0;
        using Rented<byte> changed = new(changesBytes ? image.Length : 0);
        if (changesBytes)
        {
            image.CopyTo(changed.Span);
            ChangeBytes(changed.Span, images, key);
            image = changed.Span;
        }

        Span<PixelNormalization> toned = stackalloc PixelNormalization[normalization.Length];
        normalization.CopyTo(toned);
        Tone?.Apply(toned, key.Stream(RandomPurpose.Tone));
        Sample(image, images, key, toned, layout, destination);
        Cutout?.Apply(destination, images.Channels, images.Height, images.Width, layout, key.Stream(RandomPurpose.Cutout));
    }

    /// <summary>What another image takes of this one; null if nothing.</summary>
    internal Mixture? Mix(ImageKey key, ReadOnlySpan<int> partners) =>
        Mixup?.Draw(key.Stream(RandomPurpose.Mixup), partners)
        ?? Cutmix?.Draw(key.Stream(RandomPurpose.Cutmix), partners);

    private void ChangeBytes(Span<byte> image, ImageSet images, ImageKey key)
    {
        StrokeThickness?.Apply(image, images.Height, images.Width, key.Stream(RandomPurpose.StrokeThickness));
        Blur?.Apply(image, images.Height, images.Width, key.Stream(RandomPurpose.Blur));
        PixelNoise?.Apply(image, key.Stream(RandomPurpose.PixelNoise));
        foreach (OwnTransform own in Own)
        {
            own.Change!(image, new Shape(images.Channels, images.Height, images.Width), key.Stream(own.Purpose));
        }
    }

    private void Sample(
        ReadOnlySpan<byte> image, ImageSet images, ImageKey key,
        ReadOnlySpan<PixelNormalization> normalization, in PlaneLayout layout, Span<float> destination)
    {
        AffineMap map = Movement.Draw(key.Seed, key.Epoch, key.Sample);
        if (Mirror && key.Stream(RandomPurpose.Mirror).Uniform(0) < 0.5f)
        {
            map = map.Mirrored;
        }

        (double tiltX, double tiltY) = Perspective?.Draw(key.Stream(RandomPurpose.Perspective)) ?? default;
        using Rented<float> lattice = new(ElasticDistortion?.LatticeFloats(images.Height, images.Width) ?? 0);
        ElasticDistortion?.Draw(key.Stream(RandomPurpose.ElasticDistortion), lattice.Span);
        double spacing = ElasticDistortion?.SpacingPixels ?? 1;
        int latticeColumns = ElasticDistortion is null ? 0 : Warp.LatticeLength(images.Width, spacing);
        Warp warp = new(tiltX, tiltY, lattice.Span, spacing, latticeColumns);
        AffineSampler.Sample(
            image, images.Channels, images.Height, images.Width, map, warp, normalization, layout, destination);
    }
}
