using Inkling.Augmentation;
using Inkling.Engine;

namespace Inkling.Tests.Augmentation;

/// <summary>Stroke thickness, blur and noise: what changes the original's bytes.</summary>
public sealed class ByteTransformTests
{
    [Theory]
    [InlineData(28, 28)]
    [InlineData(7, 13)]
    [InlineData(1, 1)]
    public void StrokeThickness_AnyStrength_AgreesWithDoublePrecisionWithinItsRounding(int height, int width)
    {
        byte[] original = TestImages.Random(2 * height * width);
        var transform = new StrokeThickness { Strength = 1 };

        for (int sample = 0; sample < 20; sample++)
        {
            RandomStream random = TestImages.Stream(RandomPurpose.StrokeThickness, sample);
            double strength = random.Uniform(0, -1, 1);
            byte[] changed = [.. original];

            transform.Apply(changed, height, width, random);

            for (int i = 0; i < changed.Length; i++)
            {
                double extreme = Extreme(original, i, height, width, strength > 0);
                double truth = original[i] + Math.Abs(strength) * (extreme - original[i]);

                // The strength is cut to 1/256, the result rounded.
                Assert.Equal(truth, changed[i], 1.0 + 0.5);
            }
        }
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1)]
    [InlineData(2.7)]
    public void Blur_AnyDeviation_AgreesWithDoublePrecisionWithinItsRounding(double deviation)
    {
        const int Height = 19;
        const int Width = 23;
        byte[] original = TestImages.Random(Height * Width);
        byte[] blurred = [.. original];

        Blur.Apply(blurred, Height, Width, deviation);

        // A weight is off by at most 2⁻¹⁵, a row of them times 255 by 25·255·2⁻¹⁵ < 0.2; twice that, and the last rounding.
        double[] truth = Gaussian(original, Height, Width, deviation);
        Assert.All(blurred.Zip(truth), pair => Assert.Equal(pair.Second, pair.First, 0.4 + 0.5));
    }

    [Fact]
    public void Blur_EvenArea_StaysAsItIs()
    {
        byte[] even = [.. Enumerable.Repeat((byte)255, 400)];

        Blur.Apply(even, 20, 20, 3.9);

        Assert.All(even, value => Assert.Equal(255, value));
    }

    [Fact]
    public void PixelNoise_ManyPixels_HasTheDeviationItSays()
    {
        const int Count = 40_000;
        RandomStream random = TestImages.Stream(RandomPurpose.PixelNoise, 4);
        double deviation = random.Uniform(0, 0, 60);
        byte[] image = [.. Enumerable.Repeat((byte)128, Count)];

        new PixelNoise { Deviation = 60 }.Apply(image, random);

        // Five standard errors of a mean, and of a deviation of about normal values.
        double mean = image.Average(value => (double)value);
        Assert.Equal(128, mean, 5 * deviation / Math.Sqrt(Count));
        Assert.InRange(deviation, 5, 36); // So that 3.45 deviations aren't clipped.
        Assert.Equal(deviation, Math.Sqrt(image.Average(value => (value - mean) * (value - mean))), 5 * deviation / Math.Sqrt(2 * Count));
    }

    [Fact]
    public void PixelNoise_AtTheEnds_IsClipped()
    {
        byte[] image = [.. Enumerable.Range(0, 1001).Select(i => (byte)(i % 2 * 255))];

        new PixelNoise { Deviation = 128 }.Apply(image, TestImages.Stream(RandomPurpose.PixelNoise, 1));

        Assert.Equal(0, image.Where((_, i) => i % 2 == 0).Min());
        Assert.Equal(255, image.Where((_, i) => i % 2 == 1).Max());
        Assert.True(image.Distinct().Count() > 50);
    }

    private static double Extreme(byte[] image, int i, int height, int width, bool largest)
    {
        int start = i / (height * width) * height * width;
        (int y, int x) = Math.DivRem(i - start, width);
        (int Y, int X)[] places = [(y, x), (y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)];
        double[] neighbours =
        [
            .. places.Select(p => p.Y >= 0 && p.Y < height && p.X >= 0 && p.X < width ? image[start + p.Y * width + p.X] : 0.0),
        ];
        return largest ? neighbours.Max() : neighbours.Min();
    }

    private static double[] Gaussian(byte[] image, int height, int width, double deviation)
    {
        int radius = (int)Math.Ceiling(3 * deviation);
        double[] weights = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(
            k => DeterministicMath.Exp(-k * k / (2 * deviation * deviation)))];
        double[] blurred = new double[height * width];
        for (int i = 0; i < blurred.Length; i++)
        {
            for (int dy = -radius; dy <= radius; dy++)
            {
                for (int dx = -radius; dx <= radius; dx++)
                {
                    int y = Math.Clamp(i / width + dy, 0, height - 1);
                    int x = Math.Clamp(i % width + dx, 0, width - 1);
                    blurred[i] += weights[dy + radius] * weights[dx + radius] * image[y * width + x];
                }
            }
        }

        return [.. blurred.Select(value => value / (weights.Sum() * weights.Sum()))];
    }
}
