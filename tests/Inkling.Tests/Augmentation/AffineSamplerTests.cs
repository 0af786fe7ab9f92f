using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Inkling.Augmentation;
using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Preprocessing;

namespace Inkling.Tests.Augmentation;

public sealed class AffineSamplerTests
{
    /// <summary>Normalisation that leaves pixels on the scale 0 to 255: gain 1, offset 0.</summary>
    private static readonly PixelNormalization[] Raw = [new(0, 1.0 / 255)];

    /// <summary>MNIST's mean and deviation, as published with many of its examples.</summary>
    private static readonly PixelNormalization[] Mnist = [new(0.1307, 0.3081)];

    /// <summary>
    /// Positions are single precision: below 64 they are off by at most 3·2⁻¹⁹ (two roundings and a product), which moves
    /// a pixel between 0 and 255 by less than 2·255·3·2⁻¹⁹.
    /// </summary>
    private const float PositionTolerance = 2 * 255 * 3 / 524288f;

    [Theory]
    [InlineData(28, 28, 56, 56)]
    [InlineData(28, 28, 28, 28)]
    [InlineData(13, 17, 31, 43)]
    [InlineData(5, 3, 7, 1)]
    [InlineData(1, 1, 9, 11)]
    [InlineData(33, 21, 20, 50)]
    public void Sample_RandomMaps_AgreesWithDoublePrecision(int height, int width, int toHeight, int toWidth)
    {
        byte[] image = RandomImage(height * width);
        AffineAugmentation augmentation = new() { RotationDegrees = 40, Scale = 0.4, Shear = 0.5, ShiftPixels = 9 };
        float[] sampled = new float[toHeight * toWidth];

        for (uint sample = 0; sample < 25; sample++)
        {
            AffineMap map = augmentation.Draw(seed: 3, epoch: 1, sample);
            AffineSampler.Sample(image, 1, height, width, map, Raw, PlaneLayout.Dense(toHeight, toWidth), sampled);

            AssertNear(Truth(image, height, width, map, toHeight, toWidth), sampled, PositionTolerance);
        }
    }

    [Fact]
    public void Sample_Identity_AgreesWithResizeWithinItsRounding()
    {
        byte[] image = WithBlackBorder(RandomImage(28 * 28));
        byte[] resized = new byte[56 * 56];
        new BilinearResize(28, 28, 56, 56).Resize(image, 1, resized);
        float[] sampled = new float[56 * 56];

        AffineSampler.Sample(image, 1, 28, 28, AffineMap.Identity, Raw, PlaneLayout.Dense(56, 56), sampled);

        // The resize rounds to 8 bits twice, by at most half a level each time.
        AssertNear([.. resized.Select(value => (double)value)], sampled, 1 + PositionTolerance);
    }

    [Fact]
    public void Sample_SameGridAndIdentity_ReturnsThePixelsExactly()
    {
        byte[] image = RandomImage(28 * 28);
        float[] sampled = new float[28 * 28];

        AffineSampler.Sample(image, 1, 28, 28, AffineMap.Identity, Mnist, PlaneLayout.Dense(28, 28), sampled);

        Assert.Equal(image.Select(value => Mnist[0].Apply(value)), sampled);
    }

    [Fact]
    public void Sample_WholePixelShift_MovesRightAndDown()
    {
        byte[] image = new byte[8 * 8];
        image[3 * 8 + 2] = 200;
        float[] sampled = new float[8 * 8];

        AffineSampler.Sample(
            image, 1, 8, 8, AffineMap.FromMovement(0, 1, 0, shiftX: 3, shiftY: 1), Raw, PlaneLayout.Dense(8, 8), sampled);

        Assert.Equal(200, sampled[4 * 8 + 5]);
        Assert.Equal(200, sampled.Sum());
    }

    [Fact]
    public void Sample_QuarterTurn_TurnsClockwise()
    {
        byte[] image = new byte[4 * 4];
        image[1] = 100; // row 0, column 1: near the top left
        float[] sampled = new float[4 * 4];

        AffineSampler.Sample(
            image, 1, 4, 4, AffineMap.FromMovement(90, 1, 0, 0, 0), Raw, PlaneLayout.Dense(4, 4), sampled);

        Assert.Equal(100, sampled[1 * 4 + 3], 1e-3f); // row 1, column 3: near the top right
    }

    [Fact]
    public void Sample_Background_IsExactlyThatOfEvaluation()
    {
        float[] trained = new float[56 * 56];
        float[] evaluated = new float[56 * 56];
        AffineMap map = AffineMap.FromMovement(7, 0.93, 0.06, 1.7, -0.4);

        AffineSampler.Sample(new byte[28 * 28], 1, 28, 28, map, Mnist, PlaneLayout.Dense(56, 56), trained);
        new EvaluationTransform(28, 28, Mnist, PlaneLayout.Dense(56, 56)).Apply(new byte[28 * 28], evaluated);

        Assert.All(trained.Concat(evaluated), value => Assert.Equal(Mnist[0].Offset, value));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    [InlineData(-1e30)]
    public void Sample_WildMap_StaysInsideItsMemory(double wild)
    {
        AffineMap map = new(wild, 1, wild, -wild, wild, 0);
        float[] sampled = new float[56 * 56];

        AffineSampler.Sample(RandomImage(28 * 28), 1, 28, 28, map, Raw, PlaneLayout.Dense(56, 56), sampled);

        Assert.All(sampled, value => Assert.True(float.IsNaN(value) || (value >= 0 && value <= 255)));
    }

    [Fact]
    public void Sample_PaddedLayoutOfTwoChannels_WritesOnlyThePixels()
    {
        byte[] image = RandomImage(2 * 9 * 9);
        PlaneLayout layout = new(Height: 11, Width: 13, RowStride: 16, PlaneStride: 200);
        PixelNormalization[] twice = [Raw[0], Raw[0]];
        AffineMap map = AffineMap.FromMovement(5, 1.1, 0.1, 0.5, 0.25);
        float[] padded = new float[layout.Extent(2) + 5];
        float[] evaluated = new float[layout.Extent(2) + 5];
        padded.AsSpan().Fill(-7);
        evaluated.AsSpan().Fill(-7);

        AffineSampler.Sample(image, 2, 9, 9, map, twice, layout, padded);
        new EvaluationTransform(9, 9, twice, layout).Apply(image, evaluated);

        for (int channel = 0; channel < 2; channel++)
        {
            float[] dense = new float[11 * 13];
            ReadOnlySpan<byte> plane = image.AsSpan(channel * 81, 81);
            AffineSampler.Sample(plane, 1, 9, 9, map, Raw, PlaneLayout.Dense(11, 13), dense);
            Assert.Equal(dense, PixelsOf(padded, layout, channel));
        }

        Assert.Equal(padded.Length - 2 * 11 * 13, padded.Count(value => value == -7));
        Assert.Equal(evaluated.Length - 2 * 11 * 13, evaluated.Count(value => value == -7));
    }

    /// <summary>Part of the numeric contract: another hash is another contract. Holds on every instruction set.</summary>
    [Fact]
    public void Sample_PinnedDraws_GiveThePinnedBits()
    {
        AffineAugmentation augmentation = new() { RotationDegrees = 10, Scale = 0.1, Shear = 0.1, ShiftPixels = 2 };
        byte[] image = RandomImage(28 * 28);
        float[] sampled = new float[50 * 56 * 56];

        for (uint sample = 0; sample < 50; sample++)
        {
            AffineSampler.Sample(
                image, 1, 28, 28, augmentation.Draw(seed: 1, epoch: 2, sample), Mnist,
                PlaneLayout.Dense(56, 56), sampled.AsSpan((int)sample * 56 * 56));
        }

        Assert.Equal(
            "9acccbd906afd12ce0a324570b4265b6c802930f65d0647555259e9537188136",
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(sampled.AsSpan()))));
    }

    [Fact]
    public void Sample_OnceWarm_AllocatesNothing()
    {
        byte[] image = RandomImage(28 * 28);
        float[] sampled = new float[56 * 56];
        AffineSampler.Sample(image, 1, 28, 28, AffineMap.Identity, Mnist, PlaneLayout.Dense(56, 56), sampled);

        long before = GC.GetAllocatedBytesForCurrentThread();
        AffineSampler.Sample(image, 1, 28, 28, AffineMap.Identity, Mnist, PlaneLayout.Dense(56, 56), sampled);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Sample_LengthsThatDoNotFit_Throw()
    {
        float[] enough = new float[56 * 56];
        PlaneLayout layout = PlaneLayout.Dense(56, 56);

        Assert.Throws<ArgumentException>(
            () => AffineSampler.Sample(new byte[783], 1, 28, 28, AffineMap.Identity, Raw, layout, enough));
        Assert.Throws<ArgumentException>(
            () => AffineSampler.Sample(new byte[784], 1, 28, 28, AffineMap.Identity, [], layout, enough));
        Assert.Throws<ArgumentException>(
            () => AffineSampler.Sample(new byte[784], 1, 28, 28, AffineMap.Identity, Raw, layout, enough.AsSpan(1)));
    }

    private static float[] PixelsOf(float[] buffer, PlaneLayout layout, int channel) =>
    [
        .. Enumerable.Range(0, layout.Height * layout.Width).Select(i =>
            buffer[channel * layout.PlaneStride + i / layout.Width * layout.RowStride + i % layout.Width]),
    ];

    /// <summary>The definition, pixel by pixel in double precision, without any of the sampler's machinery.</summary>
    private static double[] Truth(byte[] image, int height, int width, AffineMap map, int toHeight, int toWidth)
    {
        double[] truth = new double[toHeight * toWidth];
        for (int row = 0; row < toHeight; row++)
        {
            for (int column = 0; column < toWidth; column++)
            {
                double u = (column + 0.5) * width / toWidth - width / 2.0;
                double v = (row + 0.5) * height / toHeight - height / 2.0;
                double x = map.XX * u + map.XY * v + map.X0 + width / 2.0 - 0.5;
                double y = map.YX * u + map.YY * v + map.Y0 + height / 2.0 - 0.5;
                double sum = 0;
                for (int sourceRow = 0; sourceRow < height; sourceRow++)
                {
                    for (int sourceColumn = 0; sourceColumn < width; sourceColumn++)
                    {
                        sum += image[sourceRow * width + sourceColumn]
                            * Math.Max(0, 1 - Math.Abs(x - sourceColumn)) * Math.Max(0, 1 - Math.Abs(y - sourceRow));
                    }
                }

                truth[row * toWidth + column] = sum;
            }
        }

        return truth;
    }

    private static void AssertNear(double[] expected, float[] actual, float tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"pixel {i}: {expected[i]} and {actual[i]}");
        }
    }

    private static byte[] RandomImage(int length)
    {
        RandomStream random = new(17, RandomPurpose.Augmentation);
        return [.. Enumerable.Range(0, length).Select(i => (byte)random.Bits((uint)i))];
    }

    private static byte[] WithBlackBorder(byte[] image) =>
        [.. image.Select((value, i) => i < 28 || i >= 27 * 28 || i % 28 is 0 or 27 ? (byte)0 : value)];
}
