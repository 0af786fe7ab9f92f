using Inkling.Data;

namespace Inkling.Tests.Data;

public class ImageSetTests
{
    [Fact]
    public void Image_TwoChannels_IsTheImagesOwnBytes()
    {
        ImageSet set = Create(channels: 2, height: 1, width: 3);

        Assert.Equal<byte>([6, 7, 8, 9, 10, 11], set.Image(1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Image_IndexOutside_Throws(int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(1, 2, 3).Image(index).Length);

    [Fact]
    public void Constructor_PixelsMissing_Throws() =>
        Assert.Throws<ArgumentException>(() => Create(channels: 1, height: 2, width: 4));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Constructor_LabelOutside_Throws(int label) =>
        Assert.Throws<ArgumentException>(() => Create(1, 2, 3, label));

    [Fact]
    public void Fingerprint_SamePixelsInAnotherShape_Differs() =>
        Assert.NotEqual(Create(1, 2, 3).Fingerprint, Create(1, 3, 2).Fingerprint);

    [Fact]
    public void Fingerprint_OtherLabel_Differs() =>
        Assert.NotEqual(Create(1, 2, 3, label: 1).Fingerprint, Create(1, 2, 3, label: 2).Fingerprint);

    private static ImageSet Create(int channels, int height, int width, int label = 1) => new(
        channels, height, width, classCount: 3, pixels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], labels: [0, label],
        new Dictionary<string, string>());
}
