using Inkling.Data;
using Inkling.Engine;

namespace Inkling.Tests.Quality;

/// <summary>Generated images of four easy classes: ring, bar, beam and cross, none like another.</summary>
internal sealed class Glyphs
{
    internal const int Side = 16;
    internal const int Length = Side * Side;

    internal static readonly string[] ClassNames = ["ring", "bar", "beam", "cross"];

    internal List<byte[]> Train { get; } = [];

    internal List<int> TrainLabels { get; } = [];

    internal List<byte[]> Test { get; } = [];

    internal List<int> TestLabels { get; } = [];

    /// <summary>The same images every time, without a fault.</summary>
    internal static Glyphs Clean(int train = 320, int test = 80)
    {
        var glyphs = new Glyphs();
        for (int i = 0; i < train + test; i++)
        {
            (i < train ? glyphs.Train : glyphs.Test).Add(Draw(i % 4, i));
            (i < train ? glyphs.TrainLabels : glyphs.TestLabels).Add(i % 4);
        }

        return glyphs;
    }

    internal ImageDataset ToDataset() => new("glyphs", ClassNames, Set(Train, TrainLabels), () => Set(Test, TestLabels));

    /// <summary>Mean over a window of 5×5, three times.</summary>
    internal static byte[] Blurred(byte[] image)
    {
        for (int pass = 0; pass < 3; pass++)
        {
            byte[] source = image;
            image = [.. Enumerable.Range(0, Length).Select(p => (byte)Window(p, 2).Average(q => source[q]))];
        }

        return image;
    }

    private static IEnumerable<int> Window(int pixel, int reach) =>
        from dy in Enumerable.Range(-reach, 2 * reach + 1)
        from dx in Enumerable.Range(-reach, 2 * reach + 1)
        let y = Math.Clamp(pixel / Side + dy, 0, Side - 1)
        let x = Math.Clamp(pixel % Side + dx, 0, Side - 1)
        select y * Side + x;

    private static ImageSet Set(List<byte[]> images, List<int> labels) =>
        new(1, Side, Side, ClassNames.Length, [.. images.SelectMany(image => image)], [.. labels], new Dictionary<string, string>());

    private static byte[] Draw(int shape, int index)
    {
        var random = new RandomStream(5, RandomPurpose.Augmentation, Sample: (uint)index);
        double centerX = random.Uniform(0, 7, 9);
        double centerY = random.Uniform(1, 7, 9);
        double radius = random.Uniform(2, 3.5, 5);
        double thickness = random.Uniform(3, 0.8, 1.6);
        byte[] image = new byte[Length];
        for (int p = 0; p < Length; p++)
        {
            double x = p % Side + 0.5 - centerX;
            double y = p / Side + 0.5 - centerY;
            double bar = Math.Max(Math.Abs(x), Math.Abs(y) - radius);
            double beam = Math.Max(Math.Abs(y), Math.Abs(x) - radius);
            double distance = shape switch
            {
                0 => Math.Abs(Math.Sqrt(x * x + y * y) - radius),
                1 => bar,
                2 => beam,
                _ => Math.Min(bar, beam),
            };
            double ink = 220 * Math.Clamp(thickness + 0.5 - distance, 0, 1);
            image[p] = (byte)(10 + ink + random.Uniform(100 + (uint)p, 0, 24));
        }

        return image;
    }
}
