using Inkling.Imaging;
using Inkling.Tests.Support;

namespace Inkling.Tests.Imaging;

public sealed class DigitFramingTests
{
    [Theory]
    [InlineData("ink-on-paper.png")]
    [InlineData("chalk-on-board.png")]
    [InlineData("small.png")]
    [InlineData("thin.png")]
    [InlineData("photograph.png")]
    public void Frame_DrawingOrPhotograph_GivesPillowAndNumPysBytes(string file)
    {
        byte[] expected = Fixture.Json<Framed[]>("Imaging", "frame.json").Single(framed => framed.File == file).Pixels;

        byte[] framed = DigitFraming.Frame(Decode(file));

        Assert.Equal(expected, framed);
    }

    [Theory]
    [InlineData("ink-on-paper.png")]
    [InlineData("small.png")]
    [InlineData("photograph.png")]
    public void Frame_InvertedPicture_GivesNearlyTheSame(string file)
    {
        DecodedImage image = Decode(file);
        byte[] inverted = [.. image.Pixels.Select(value => (byte)(255 - value))];

        byte[] framed = DigitFraming.Frame(image);
        byte[] framedInverted = DigitFraming.Frame(new DecodedImage(image.Width, image.Height, image.Channels, inverted));

        Assert.InRange(MeanDifference(framed, framedInverted), 0, 2);
    }

    [Fact]
    public void Frame_PhotographAndCleanDrawing_GiveSimilarDigits()
    {
        byte[] clean = DigitFraming.Frame(Decode("ink-on-paper.png"));
        byte[] photograph = DigitFraming.Frame(Decode("photograph.png"));

        // Their strokes differ in width and aspect; a frame of noise or background would differ by 100.
        Assert.InRange(MeanDifference(clean, photograph), 0, 40);
        Assert.All(Border(photograph), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Frame_FramedDigit_PassesUnchanged()
    {
        byte[] framed = DigitFraming.Frame(Decode("ink-on-paper.png"));
        framed[5] = 40; // a stroke that runs into the border
        framed[6] = 3;

        byte[] again = DigitFraming.Frame(new DecodedImage(28, 28, 1, framed));

        Assert.Equal(framed, again);
        Assert.NotSame(framed, again);
    }

    [Fact]
    public void Frame_AnyDigit_HasItsMassInTheMiddleAndFitsTwentyPixels()
    {
        byte[] framed = DigitFraming.Frame(Decode("ink-on-paper.png"));
        GreyImage image = new(28, 28, framed);

        (double x, double y) = image.CenterOfMass();
        (int _, int _, int width, int height) = image.InkBox();

        Assert.InRange(x, 13.5, 14.5);
        Assert.InRange(y, 13.5, 14.5);
        Assert.Equal(20, Math.Max(width, height));
        Assert.Equal(255, framed.Max());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(255)]
    public void Frame_BlankPage_IsBlack(byte level)
    {
        byte[] page = new byte[60 * 50];
        page.AsSpan().Fill(level);
        page[1234] = (byte)(level ^ 8); // paper grain

        byte[] framed = DigitFraming.Frame(new DecodedImage(60, 50, 1, page));

        Assert.Equal(new byte[28 * 28], framed);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 500)]
    [InlineData(500, 1)]
    [InlineData(2, 2)]
    public void Frame_ExtremeShape_GivesAFrame(int width, int height)
    {
        byte[] pixels = new byte[width * height];
        pixels[0] = 255;

        byte[] framed = DigitFraming.Frame(new DecodedImage(width, height, 1, pixels));

        Assert.Equal(28 * 28, framed.Length);
    }

    private static DecodedImage Decode(string file) => ImageDecoder.Decode(Fixture.Path("Imaging", file));

    private static double MeanDifference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    private static IEnumerable<byte> Border(byte[] framed) =>
        framed.Where((_, i) => i < 28 || i >= 28 * 27 || i % 28 == 0 || i % 28 == 27);

    private sealed record Framed(string File, byte[] Pixels);
}
