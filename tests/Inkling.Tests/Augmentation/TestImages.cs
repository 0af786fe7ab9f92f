using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;

namespace Inkling.Tests.Augmentation;

/// <summary>What the tests of transforms work on.</summary>
internal static class TestImages
{
    /// <summary>Normalisation that leaves pixels on the scale 0 to 255: gain 1, offset 0.</summary>
    internal static PixelNormalization Raw { get; } = new(0, 1.0 / 255);

    internal static byte[] Random(int length)
    {
        RandomStream random = new(17, RandomPurpose.Augmentation);
        return [.. Enumerable.Range(0, length).Select(i => (byte)random.Bits((uint)i))];
    }

    /// <summary>Random images, labelled in turn.</summary>
    internal static ImageSet Set(int count, int channels, int height, int width, int classes) => new(
        channels, height, width, classes, Random(count * channels * height * width),
        [.. Enumerable.Range(0, count).Select(i => i % classes)], new Dictionary<string, string>());

    internal static RandomStream Stream(RandomPurpose purpose, int sample) => new(11, purpose, 2, (uint)sample);
}
