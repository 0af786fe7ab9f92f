using System.Collections.Immutable;
using Inkling.Data;
using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// Fifteen corruptions in the manner of MNIST-C, at its severities: the same formulae, drawn from our own random numbers, so that anybody
/// gets
/// the same images without a download. Figures are near those on MNIST-C, not equal to them.
/// </summary>
/// <remarks>Source: N. Mu, J. Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.</remarks>
public static class MnistCLike
{
    /// <summary>What results call it.</summary>
    public const string Name = "MNIST-C-like";

    // Published numbers depend on it: never to be changed.
    private const ulong Seed = 1;

    /// <summary>All, in MNIST-C's order, which numbers their random streams.</summary>
    public static ImmutableArray<ImageCorruption> All { get; } =
    [
        new ShotNoise(3), new ImpulseNoise(0.17), new GlassBlur(0.7, 1, 2), new MotionBlur(10, 3), new Shear(0.4), new Scale(0.7),
        new Rotate(0.4), new Brightness(0.5), new Translate(3), new Stripe(), new Fog(3, 1.4), new Spatter(0.65, 0.3, 1, 0.65, 1.5),
        new DottedLine(), new Zigzag(), new CannyEdges(),
    ];

    /// <summary>Corrupts images.</summary>
    /// <param name="corruption">One of <see cref="All"/>.</param>
    /// <param name="images">The set.</param>
    /// <param name="indices">Which of it; an image's numbers are those of its index.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    /// <returns>The corrupted images, in the order of <paramref name="indices"/>.</returns>
    public static ImageSet Corrupt(ImageCorruption corruption, ImageSet images, ReadOnlyMemory<int> indices, WorkerTeam team)
    {
        ArgumentNullException.ThrowIfNull(corruption);
        ArgumentNullException.ThrowIfNull(images);
        int number = All.IndexOf(corruption);
        ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(corruption));
        return Corrupt(corruption, number, images, indices, team);
    }

    internal static ImageSet Corrupt(
        ImageCorruption corruption, int number, ImageSet images, ReadOnlyMemory<int> indices, WorkerTeam team)
    {
        var shape = new Shape(images.Channels, images.Height, images.Width);
        byte[] pixels = new byte[indices.Length * shape.Count];
        int[] labels = new int[indices.Length];
        team.Run(indices.Length, (_, i) =>
        {
            int index = indices.Span[i];
            labels[i] = images.Labels[index];
            var random = new RandomStream(Seed, RandomPurpose.Corruption, (uint)number, (uint)index);
            Corrupt(corruption, images.Image(index), pixels.AsSpan(i * shape.Count, shape.Count), shape, random);
        });
        return new ImageSet(shape.Channels, shape.Height, shape.Width, images.ClassCount, pixels, labels, new Dictionary<string, string>());
    }

    private static void Corrupt(
        ImageCorruption corruption, ReadOnlySpan<byte> source, Span<byte> target, Shape shape, RandomStream random)
    {
        double[] image = new double[source.Length];
        for (int i = 0; i < image.Length; i++)
        {
            image[i] = source[i] / 255.0;
        }

        corruption.Apply(image, shape, random);
        for (int i = 0; i < image.Length; i++)
        {
            target[i] = (byte)Math.Round(255 * Math.Clamp(image[i], 0, 1));
        }
    }
}
