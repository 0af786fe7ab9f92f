using Inkling.Augmentation;

namespace Inkling.Tests.Augmentation;

public sealed class AffineAugmentationTests
{
    private static readonly AffineAugmentation Standard = new()
    {
        RotationDegrees = 10,
        Scale = 0.1,
        Shear = 0.1,
        ShiftPixels = 2,
    };

    [Fact]
    public void Draw_NoRanges_IsTheIdentity() => Assert.Equal(AffineMap.Identity, Normalized(new AffineAugmentation().Draw(1, 2, 3)));

    [Fact]
    public void Draw_SameArguments_GivesTheSameMapInAnyOrder()
    {
        AffineMap[] forwards = [.. Enumerable.Range(0, 50).Select(i => Standard.Draw(5, 1, (uint)i))];
        AffineMap[] backwards = [.. Enumerable.Range(0, 50).Reverse().Select(i => Standard.Draw(5, 1, (uint)i)).Reverse()];

        Assert.Equal(forwards, backwards);
        Assert.Equal(50, forwards.Distinct().Count());
    }

    [Fact]
    public void Draw_OtherSeedEpochOrSample_GivesAnotherMap()
    {
        AffineMap map = Standard.Draw(5, 1, 7);

        Assert.NotEqual(map, Standard.Draw(6, 1, 7));
        Assert.NotEqual(map, Standard.Draw(5, 2, 7));
        Assert.NotEqual(map, Standard.Draw(5, 1, 8));
    }

    [Fact]
    public void Draw_ManySamples_StayInRangeAndAreNeverMirrored()
    {
        for (uint sample = 0; sample < 2000; sample++)
        {
            AffineMap map = Standard.Draw(9, 0, sample);
            double determinant = map.XX * map.YY - map.XY * map.YX;

            // Rotation and shear keep areas: the determinant is 1 / scale².
            Assert.InRange(determinant, 1 / (1.1 * 1.1), 1 / (0.9 * 0.9));
            Assert.InRange(-map.YX / map.YY, -TangentOfTenDegrees, TangentOfTenDegrees);
            Assert.InRange(Math.Abs(map.X0), 0, 2 * Math.Sqrt(2) * 1.1 / 0.9);
        }
    }

    /// <summary>Part of the numeric contract: other bits are another contract.</summary>
    [Fact]
    public void Draw_KnownArguments_GivesThePinnedMap()
    {
        AffineMap map = Standard.Draw(seed: 1, epoch: 2, sample: 3);

        Assert.Equal(
            "3ff04f1dbf441852 bfc9dcc6a76a6e1e bfeb21288fb3d909 3fc2401351d169df 3ff070ea4f56d268 bfcdb8993bbae00e",
            string.Join(' ', Bits(map)));
    }

    [Fact]
    public void FromMovement_RoundTrip_UndoesTheMovement()
    {
        AffineMap map = AffineMap.FromMovement(rotationDegrees: 30, scale: 1.25, shear: 0.2, shiftX: 1.5, shiftY: -0.75);
        (double x, double y) = (3.0, -4.0);
        (double shearedX, double shearedY) = (1.25 * x + 0.2 * 1.25 * y, 1.25 * y);
        double movedX = shearedX * Cos30 - shearedY * 0.5 + 1.5;
        double movedY = shearedX * 0.5 + shearedY * Cos30 - 0.75;

        Assert.Equal(x, map.XX * movedX + map.XY * movedY + map.X0, 1e-12);
        Assert.Equal(y, map.YX * movedX + map.YY * movedY + map.Y0, 1e-12);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(181)]
    [InlineData(double.NaN)]
    public void RotationDegrees_OutOfRange_Throws(double degrees) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AffineAugmentation { RotationDegrees = degrees });

    private const double Cos30 = 0.86602540378443864676;
    private const double TangentOfTenDegrees = 0.17632698070846498;

    private static AffineMap Normalized(AffineMap map) =>
        new(map.XX + 0.0, map.XY + 0.0, map.X0 + 0.0, map.YX + 0.0, map.YY + 0.0, map.Y0 + 0.0);

    private static IEnumerable<string> Bits(AffineMap map) =>
        new[] { map.XX, map.XY, map.X0, map.YX, map.YY, map.Y0 }
            .Select(value => BitConverter.DoubleToUInt64Bits(value).ToString("x16", null));
}
