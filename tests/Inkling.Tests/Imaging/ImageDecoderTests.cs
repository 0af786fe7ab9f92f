using System.Buffers.Binary;
using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Tests.Support;

namespace Inkling.Tests.Imaging;

public sealed class ImageDecoderTests
{
    /// <summary>Two JPEG decoders may round the inverse transform and the colour conversion differently.</summary>
    private const int LossyTolerance = 3;

    [Theory]
    [InlineData("colour.png")]
    [InlineData("grey.png")]
    [InlineData("clear.png")]
    [InlineData("palette.png")]
    [InlineData("colour.bmp")]
    [InlineData("colour.webp")]
    [InlineData("clear.webp")]
    public void Decode_LosslessFile_GivesPillowsPixels(string file)
    {
        Picture expected = Expected(file);

        DecodedImage image = ImageDecoder.Decode(Fixture.Path("Imaging", file));

        Assert.Equal((expected.Height, expected.Width, expected.Channels), (image.Height, image.Width, image.Channels));
        Assert.Equal(expected.Pixels, image.Pixels);
    }

    [Theory]
    [InlineData("smooth.jpg")]
    [InlineData("grey.jpg")]
    [InlineData("orientation1.jpg")]
    [InlineData("orientation2.jpg")]
    [InlineData("orientation3.jpg")]
    [InlineData("orientation4.jpg")]
    [InlineData("orientation5.jpg")]
    [InlineData("orientation6.jpg")]
    [InlineData("orientation7.jpg")]
    [InlineData("orientation8.jpg")]
    public void Decode_Jpeg_IsUprightAndNearPillowsPixels(string file)
    {
        Picture expected = Expected(file);

        DecodedImage image = ImageDecoder.Decode(Fixture.Path("Imaging", file));

        Assert.Equal((expected.Height, expected.Width, expected.Channels), (image.Height, image.Width, image.Channels));
        Assert.All(expected.Pixels.Zip(image.Pixels), pair => Assert.InRange(pair.Second - pair.First, -LossyTolerance, LossyTolerance));
    }

    [Fact]
    public void Decode_EmptyFile_Throws() => AssertRefused([], "an empty file");

    [Fact]
    public void Decode_Text_Throws() => AssertRefused("no picture at all, only words"u8.ToArray(), "without a readable header");

    [Fact]
    public void Decode_OtherFormat_NamesIt() => AssertRefused(Read("colour.gif"), "a Gif image");

    [Fact]
    public void Decode_FileAboveTheCap_Throws() =>
        AssertRefused(new byte[ImageDecoder.MaxFileBytes + 1], $"{ImageDecoder.MaxFileBytes + 1} bytes");

    [Theory]
    [InlineData("photograph.png")]
    [InlineData("colour.png")]
    [InlineData("colour.bmp")]
    [InlineData("colour.webp")]
    [InlineData("clear.webp")]
    [InlineData("smooth.jpg")]
    public void Decode_FileCutAnywhere_ThrowsItsOwnException(string file)
    {
        byte[] whole = Read(file);
        int end = LastByteThatMatters(whole);

        for (int length = 0; length < end; length += Math.Max(end / 60, 1))
        {
            byte[] cut = whole[..length];
            Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(cut, file));
        }
    }

    [Fact]
    public void Decode_ChangedPixelData_Throws()
    {
        byte[] bytes = Read("photograph.png");
        bytes[bytes.Length / 2] ^= 0x55;

        AssertRefused(bytes, "damaged data");
    }

    [Fact]
    public void Decode_HeaderOfGigapixels_ThrowsBeforeAllocating()
    {
        byte[] bytes = Read("colour.png");
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), 40_000);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), 40_000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), PngChunk.Checksum(bytes.AsSpan(12, 17)));
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(bytes, "40000 × 40000 pixels");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Decode_RandomDamage_DecodesOrThrowsItsOwnException()
    {
        byte[] whole = Read("photograph.png");
        RandomStream random = new(11, RandomPurpose.Split);

        for (uint i = 0; i < 200; i++)
        {
            byte[] damaged = (byte[])whole.Clone();
            damaged[random.Integer(2 * i, damaged.Length)] = (byte)random.Bits(2 * i + 1);
            Exception? error = Record.Exception(() => ImageDecoder.Decode(damaged, "damaged.png"));
            Assert.True(error is null or ImageFormatException, $"change {i}: {error}");
        }
    }

    [Fact]
    public void Decode_MissingFile_ThrowsFileNotFound() =>
        Assert.Throws<FileNotFoundException>(() => ImageDecoder.Decode(Fixture.Path("Imaging", "missing.png")));

    private static void AssertRefused(byte[] bytes, string actual)
    {
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(bytes, "upload"));

        Assert.Equal("upload", error.Path);
        Assert.Contains(actual, error.Actual, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    /// <summary>A file that lacks only its check sums and end marker may pass: all its pixels are there.</summary>
    private static int LastByteThatMatters(byte[] whole) => whole.Length - 32;

    private static byte[] Read(string file) => File.ReadAllBytes(Fixture.Path("Imaging", file));

    private static Picture Expected(string file) =>
        Fixture.Json<Picture[]>("Imaging", "decode.json").Single(picture => picture.File == file);

    private sealed record Picture(string File, int Height, int Width, int Channels, byte[] Pixels);
}
