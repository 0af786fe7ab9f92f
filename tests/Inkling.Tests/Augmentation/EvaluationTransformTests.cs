using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Preprocessing;

namespace Inkling.Tests.Augmentation;

public sealed class EvaluationTransformTests
{
    private static readonly PixelNormalization[] TwoChannels = [new(0.1307, 0.3081), new(0.5, 0.25)];

    [Fact]
    public void Apply_TwoChannels_NormalisesEachResizedPlane()
    {
        byte[] image = RandomImage(2 * 28 * 28);
        byte[] resized = new byte[56 * 56];
        float[] transformed = new float[2 * 56 * 56];

        new EvaluationTransform(28, 28, TwoChannels, PlaneLayout.Dense(56, 56)).Apply(image, transformed);

        new BilinearResize(28, 28, 56, 56).Resize(image.AsSpan(28 * 28), 1, resized);
        Assert.Equal(resized.Select(value => TwoChannels[1].Apply(value)), transformed[(56 * 56)..]);
    }

    [Fact]
    public void Apply_OnceWarm_AllocatesNothing()
    {
        EvaluationTransform transform = new(28, 28, TwoChannels, PlaneLayout.Dense(56, 56));
        byte[] image = RandomImage(2 * 28 * 28);
        float[] transformed = new float[2 * 56 * 56];
        transform.Apply(image, transformed);

        long before = GC.GetAllocatedBytesForCurrentThread();
        transform.Apply(image, transformed);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Apply_LengthsThatDoNotFit_Throw()
    {
        EvaluationTransform transform = new(28, 28, TwoChannels, PlaneLayout.Dense(56, 56));

        Assert.Throws<ArgumentException>(() => transform.Apply(new byte[28 * 28], new float[2 * 56 * 56]));
        Assert.Throws<ArgumentException>(() => transform.Apply(new byte[2 * 28 * 28], new float[56 * 56]));
    }

    [Theory]
    [InlineData(0.1307, 0.3081)]
    [InlineData(0.5, 0.25)]
    public void PixelNormalization_AnyPixel_IsTheFormulaWithinRounding(double mean, double standardDeviation)
    {
        PixelNormalization normalization = new(mean, standardDeviation);

        // Gain, offset and result are each rounded to 24 bits; none exceeds 4.
        for (int value = 0; value < 256; value++)
        {
            Assert.Equal((value / 255.0 - mean) / standardDeviation, normalization.Apply(value), 3 * 4 / 16777216.0);
        }
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.1, -1)]
    [InlineData(0.1, double.NaN)]
    [InlineData(double.NaN, 1)]
    public void PixelNormalization_MeaninglessNumbers_Throw(double mean, double standardDeviation) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelNormalization(mean, standardDeviation));

    private static byte[] RandomImage(int length)
    {
        RandomStream random = new(23, RandomPurpose.Augmentation);
        return [.. Enumerable.Range(0, length).Select(i => (byte)random.Bits((uint)i))];
    }
}
