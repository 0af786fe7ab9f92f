using CsCheck;
using Inkling.Data;
using Inkling.Preprocessing;
using Inkling.Tests.Support;

namespace Inkling.Tests.Data;

public class NormalizationTests
{
    // Sums of 40 values below 1, rounded to 2⁻⁵³ each, in the two-pass truth; what it is compared with is closer still.
    private const double Tolerance = 1e-14;

    [Fact]
    public void Measure_AnyPixels_AgreesWithTwoPassTruth() =>
        Gen.Byte.Array[2 * 3 * 4 * 5].ForAll(
            "0N0XIzNsQ0O2", count: 200, pixels =>
            {
                ImageSet images = Create(pixels, channels: 3, height: 4, width: 5);

                Normalization normalization = Normalization.Measure(images, [0, 1]);

                for (int channel = 0; channel < 3; channel++)
                {
                    double[] values = [.. pixels.Index().Where(p => p.Index / 20 % 3 == channel).Select(p => p.Item / 255.0)];
                    double mean = values.Average();
                    double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
                    Assert.Equal(mean, normalization.Mean[channel], Tolerance);
                    Assert.Equal(deviation, normalization.StandardDeviation[channel], Tolerance);
                }
            });

    [Fact]
    public void Measure_SomeIndices_IgnoresTheOthers()
    {
        ImageSet images = Create([0, 255, 255, 255], channels: 1, height: 1, width: 2);

        Normalization normalization = Normalization.Measure(images, [0]);

        Assert.Equal(new Normalization([0.5], [0.5]), normalization);
    }

    [Fact]
    public void Measure_OtherOrder_GivesTheSameBits()
    {
        ImageSet images = Create([1, 2, 3, 50, 100, 255], channels: 1, height: 1, width: 2);

        Assert.Equal(Normalization.Measure(images, [0, 1, 2]), Normalization.Measure(images, [2, 0, 1]));
    }

    [Fact]
    public void Measure_ConstantChannel_Throws() =>
        Assert.Throws<ArgumentException>(() => Normalization.Measure(Create([9, 9], channels: 1, height: 1, width: 2), [0]));

    [Fact]
    public void Measure_NoImages_Throws() =>
        Assert.Throws<ArgumentException>(() => Normalization.Measure(Create([1, 2], channels: 1, height: 1, width: 2), []));

    private static ImageSet Create(byte[] pixels, int channels, int height, int width) => new(
        channels, height, width, classCount: 1, pixels, labels: new int[pixels.Length / (channels * height * width)],
        new Dictionary<string, string>());
}
