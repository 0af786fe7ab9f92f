using Inkling.Engine;
using Inkling.Preprocessing;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Augmentation;

/// <summary>
/// A square of the image is hidden: set to 0 after normalisation, which is the mean grey, so that it can't be taken for
/// missing ink. Its centre is uniform over the image; what reaches over the edge is lost.
/// </summary>
/// <remarks>Source: DeVries and Taylor 2017, arXiv:1708.04552.</remarks>
public sealed record Cutout
{
    /// <summary>Largest <see cref="Pixels"/>.</summary>
    public const double MaxPixels = 1000;

    /// <summary>Its keys in a recipe.</summary>
    internal static JsonShape<Cutout> Json { get; } = new JsonShape<Cutout>(new() { Pixels = 0, Probability = 0 })
        .Required("pixels", Number(0, MaxPixels), x => x.Pixels, (x, v) => x with { Pixels = v })
        .Required("probability", Number(0, 1), x => x.Probability, (x, v) => x with { Probability = v });

    /// <summary>Side of the square in pixels of the original; 0 to 1,000.</summary>
    public required double Pixels { get; init => field = AugmentationRange.Checked(value, MaxPixels, nameof(Pixels)); }

    /// <summary>Share of the images it happens to; 0 to 1.</summary>
    public required double Probability { get; init => field = AugmentationRange.Checked(value, 1, nameof(Probability)); }

    /// <summary>Hides a square of a finished image: draw 0 of the stream says whether, 1 and 2 where (right, down).</summary>
    /// <param name="planes">Normalised pixels.</param>
    /// <param name="channels">Planes.</param>
    /// <param name="height">Rows of the original.</param>
    /// <param name="width">Columns of the original.</param>
    /// <param name="layout">Of <paramref name="planes"/>.</param>
    /// <param name="random">The image's stream.</param>
    internal void Apply(Span<float> planes, int channels, int height, int width, in PlaneLayout layout, RandomStream random)
    {
        if (random.Uniform(0) >= Probability)
        {
            return;
        }

        ImageBox box = ImageBox.Around(random.Uniform(1), random.Uniform(2), Pixels / width, Pixels / height);
        (int left, int top, int right, int bottom) = box.On(layout);
        for (int channel = 0; channel < channels; channel++)
        {
            for (int row = top; row < bottom; row++)
            {
                planes.Slice(channel * layout.PlaneStride + row * layout.RowStride + left, right - left).Clear();
            }
        }
    }
}
