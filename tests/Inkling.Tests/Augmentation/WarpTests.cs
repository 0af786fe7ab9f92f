using Inkling.Augmentation;
using Inkling.Engine;
using Inkling.Preprocessing;

namespace Inkling.Tests.Augmentation;

/// <summary>Perspective and elastic distortion against their definitions, pixel by pixel in double precision.</summary>
public sealed class WarpTests
{
    /// <summary>Positions below 64 are rounded to single precision once: 2⁻¹⁹ at most, as are fractions and products after them.</summary>
    private const float Tolerance = 2 * 255 * 4 / 524288f;

    [Theory]
    [InlineData(28, 28, 56, 56)]
    [InlineData(13, 17, 31, 9)]
    [InlineData(1, 1, 5, 3)]
    public void Sample_PerspectiveAndElastic_AgreesWithDoublePrecision(int height, int width, int toHeight, int toWidth)
    {
        byte[] image = TestImages.Random(height * width);
        var movement = new AffineAugmentation { RotationDegrees = 20, Scale = 0.2, Shear = 0.2, ShiftPixels = 3 };
        var perspective = new Perspective { Tilt = 0.4 };
        var elastic = new ElasticDistortion { Pixels = 3, SpacingPixels = 5.5 };
        float[] lattice = new float[elastic.LatticeFloats(height, width)];
        float[] sampled = new float[toHeight * toWidth];

        for (int sample = 0; sample < 10; sample++)
        {
            AffineMap map = movement.Draw(3, 1, (uint)sample);
            (double tiltX, double tiltY) = perspective.Draw(TestImages.Stream(RandomPurpose.Perspective, sample));
            elastic.Draw(TestImages.Stream(RandomPurpose.ElasticDistortion, sample), lattice);
            int columns = Warp.LatticeLength(width, elastic.SpacingPixels);
            Warp warp = new(tiltX, tiltY, lattice, elastic.SpacingPixels, columns);

            AffineSampler.Sample(
                image, 1, height, width, map, warp, [TestImages.Raw], PlaneLayout.Dense(toHeight, toWidth), sampled);

            for (int i = 0; i < sampled.Length; i++)
            {
                double fromLeft = (i % toWidth + 0.5) * width / toWidth;
                double fromTop = (i / toWidth + 0.5) * height / toHeight;
                (double u, double v) = (fromLeft - width / 2.0, fromTop - height / 2.0);
                double distance = 1 + tiltX * u / (width / 2.0) + tiltY * v / (height / 2.0);
                double x = (map.XX * u + map.XY * v + map.X0) / distance;
                double y = (map.YX * u + map.YY * v + map.Y0) / distance;
                x += Spline(lattice, 0, columns, fromLeft / elastic.SpacingPixels, fromTop / elastic.SpacingPixels) + width / 2.0 - 0.5;
                y += Spline(lattice, 1, columns, fromLeft / elastic.SpacingPixels, fromTop / elastic.SpacingPixels) + height / 2.0 - 0.5;
                Assert.Equal(Bilinear(image, height, width, x, y), sampled[i], Tolerance);
            }
        }
    }

    [Fact]
    public void Sample_LatticeOfOneDisplacement_ShiftsEveryPixelByIt()
    {
        byte[] image = TestImages.Random(20 * 20);
        float[] lattice = [.. Enumerable.Range(0, 2 * 8 * 8).Select(i => i % 2 == 0 ? 3f : -2f)];
        float[] warped = new float[400];
        float[] shifted = new float[400];

        AffineSampler.Sample(
            image, 1, 20, 20, AffineMap.Identity, new Warp(0, 0, lattice, 5, 8), [TestImages.Raw], PlaneLayout.Dense(20, 20), warped);
        AffineSampler.Sample(
            image, 1, 20, 20, AffineMap.FromMovement(0, 1, 0, -3, 2), [TestImages.Raw], PlaneLayout.Dense(20, 20), shifted);

        Assert.All(warped.Zip(shifted), pair => Assert.Equal(pair.Second, pair.First, 0.01f));
    }

    [Fact]
    public void Sample_Tilt_ShrinksTheSideThatIsFurther()
    {
        // A bright column a quarter from each side: a positive tilt looks less far out on the right.
        byte[] image = new byte[40 * 40];
        for (int row = 0; row < 40; row++)
        {
            (image[row * 40 + 9], image[row * 40 + 30]) = (255, 255);
        }

        float[] sampled = new float[1600];
        AffineSampler.Sample(
            image, 1, 40, 40, AffineMap.Identity, new Warp(0.3, 0, [], 1, 0), [TestImages.Raw], PlaneLayout.Dense(40, 40), sampled);
        float[] middle = sampled[(20 * 40)..(21 * 40)];

        int left = Array.IndexOf(middle, middle[..20].Max());
        int right = Array.IndexOf(middle, middle[20..].Max());
        Assert.True(right > 30 && left > 9, $"columns {left} and {right}");
    }

    /// <summary>Σ over all control points of point · B₃(s − column) · B₃(t − row), B₃ by the Cox–de Boor recursion.</summary>
    private static double Spline(float[] lattice, int axis, int columns, double s, double t)
    {
        double sum = 0;
        for (int i = 0; i < lattice.Length / 2; i++)
        {
            // Point (row, column) is the centre of a basis function that spans [column − 3, column + 1].
            sum += lattice[2 * i + axis] * Basis(3, s - i % columns + 3) * Basis(3, t - i / columns + 3);
        }

        return sum;
    }

    private static double Basis(int degree, double x) => degree == 0
        ? (x is >= 0 and < 1 ? 1 : 0)
        : (x * Basis(degree - 1, x) + (degree + 1 - x) * Basis(degree - 1, x - 1)) / degree;

    private static double Bilinear(byte[] image, int height, int width, double x, double y)
    {
        double sum = 0;
        for (int i = 0; i < height * width; i++)
        {
            sum += image[i] * Math.Max(0, 1 - Math.Abs(x - i % width)) * Math.Max(0, 1 - Math.Abs(y - i / width));
        }

        return sum;
    }
}
