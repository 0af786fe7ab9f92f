using Inkling.Data;
using Inkling.Data.Sources;
using Inkling.Duplicates;
using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Tests.Support;
using SkiaSharp;

namespace Inkling.Tests.Data.Duplicates;

public sealed class DuplicateGroupsTests
{
    [Fact]
    public void Find_MnistTrain_EveryImageIsAlone()
    {
        ImageDataset mnist = Datasets.Load("mnist");

        Assert.Equal(Enumerable.Range(0, 60_000), DuplicateGroups.Find(mnist.Train.ToThumbnails()));
        Assert.Equal(Enumerable.Range(0, 60_000), mnist.DuplicateGroups);
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("jpeg")]
    [InlineData("brightness")]
    [InlineData("noise")]
    public void Find_ChangedCopies_AreFoundAmongThousands(string change)
    {
        ImageSet mnist = Datasets.Load("mnist").Train;
        const int Count = 5000;
        const int Copies = 100;
        byte[] pixels = new byte[(Count + Copies) * 784];
        mnist.Pixels[..(Count * 784)].CopyTo(pixels);
        for (int i = 0; i < Copies; i++)
        {
            Changed(mnist.Image(i * 37), change, i).CopyTo(pixels, (Count + i) * 784);
        }

        int[] groups = DuplicateGroups.Find(new Thumbnails(new Shape(1, 28, 28), pixels));

        Assert.Equal(Enumerable.Range(0, Count), groups[..Count]);
        Assert.Equal(Enumerable.Range(0, Copies).Select(i => i * 37), groups[Count..]);
    }

    [Fact]
    public void Correlation_AgreesWithItsDefinitionInDoublePrecision()
    {
        ImageSet mnist = Datasets.Load("mnist").Train;
        var thumbnails = new Thumbnails(new Shape(1, 28, 28), mnist.Pixels[..(50 * 784)].ToArray());
        var standard = new StandardImages(thumbnails);

        for (int i = 1; i < 50; i++)
        {
            Assert.Equal(Pearson(mnist.Image(0), mnist.Image(i)), standard.Correlation(0, i), 1e-12);
        }
    }

    [Fact]
    public void Find_BlankImages_AreDuplicatesOnlyIfEqual()
    {
        byte[] pixels = [0, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0];

        Assert.Equal([0, 1, 0], DuplicateGroups.Find(new Thumbnails(new Shape(1, 2, 2), pixels)));
    }

    private static byte[] Changed(ReadOnlySpan<byte> image, string change, int seed)
    {
        byte[] changed = image.ToArray();
        switch (change)
        {
            case "jpeg":
                return ImageDecoder.Decode(TestPictures.Grey(28, 28, image, SKEncodedImageFormat.Jpeg, 85), "j").ToPlanes(1);
            case "brightness":
                return Array.ConvertAll(changed, v => (byte)(20 + v * 0.8));
            case "noise":
                return [.. changed.Select((v, p) => (byte)Math.Clamp(v + (int)(((p + 11) * (seed + 5) * 2654435761L) >> 9) % 7, 0, 255))];
            default:
                return changed;
        }
    }

    private static double Pearson(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        double[] a = [.. x.ToArray().Select(v => (double)v)];
        double[] b = [.. y.ToArray().Select(v => (double)v)];
        double meanA = a.Average();
        double meanB = b.Average();
        double covariance = a.Zip(b, (u, v) => (u - meanA) * (v - meanB)).Sum();
        return covariance / Math.Sqrt(a.Sum(u => (u - meanA) * (u - meanA)) * b.Sum(v => (v - meanB) * (v - meanB)));
    }
}
