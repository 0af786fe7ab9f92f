using System.IO.Compression;
using Inkling.Rendering;
using Inkling.Tests.Engine.Support;
using SkiaSharp;

namespace Inkling.Tests.Reporting;

/// <summary>What we write, read by the platform's zlib and by SkiaSharp's libpng.</summary>
public sealed class PngFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Compress_RunsOfEveryLength_IsReadByZlib(int pixelLength)
    {
        byte[] data = [.. Enumerable.Range(0, 600).SelectMany(length => Enumerable.Repeat((byte)(length * 37), length)), .. Noise(5000)];

        byte[] compressed = RunDeflate.Compress(data, pixelLength);

        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var read = new MemoryStream();
        zlib.CopyTo(read);
        Assert.Equal(data, read.ToArray());
        Assert.True(compressed.Length < data.Length / 4);
    }

    [Fact]
    public void Compress_Nothing_IsReadByZlib()
    {
        using var zlib = new ZLibStream(new MemoryStream(RunDeflate.Compress([], 1)), CompressionMode.Decompress);

        Assert.Equal(-1, zlib.ReadByte());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Write_AnyImage_IsReadBySkia(int channels)
    {
        byte[] planes = Noise(channels * 7 * 11);

        using SKBitmap read = SKBitmap.Decode(PngFile.Write(planes, channels, 7, 11));

        Assert.Equal((11, 7), (read.Width, read.Height));
        for (int i = 0; i < 77; i++)
        {
            SKColor pixel = read.GetPixel(i % 11, i / 11);
            Assert.Equal(
                (planes[i], planes[(channels - 1) / 2 * 77 + i], planes[(channels - 1) * 77 + i]), (pixel.Red, pixel.Green, pixel.Blue));
        }
    }

    [Fact]
    public void WriteVeil_Opacities_AreThoseOfThePalette()
    {
        using SKBitmap read = SKBitmap.Decode(PngFile.WriteVeil([0, 255, 128, 127], 2, 2, (255, 96, 16), [0, 200]));

        Assert.Equal([0, 200, 200, 0], Enumerable.Range(0, 4).Select(i => (int)read.GetPixel(i % 2, i / 2).Alpha));
    }

    private static byte[] Noise(int count) => [.. Numbers.Uniform(3, count, 0, 256).Select(value => (byte)value)];
}
