using Inkling.Imaging;
using Inkling.Tests.Support;

namespace Inkling.Tests.Imaging;

public sealed class BilinearResizeTests
{
    public static TheoryData<int> Cases => new(Enumerable.Range(0, Load().Length));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resize_AnyShape_GivesPillowsBytes(int index)
    {
        ResizeCase given = Load()[index];
        byte[] resized = new byte[given.Expected.Length];

        new BilinearResize(given.SourceHeight, given.SourceWidth, given.Height, given.Width)
            .Resize(given.Source, given.Channels, resized);

        Assert.Equal(given.Expected, resized);
    }

    [Fact]
    public void Resize_OnceWarm_AllocatesNothing()
    {
        BilinearResize resize = new(28, 28, 56, 56);
        byte[] source = new byte[28 * 28];
        byte[] resized = new byte[56 * 56];
        resize.Resize(source, 1, resized);

        long before = GC.GetAllocatedBytesForCurrentThread();
        resize.Resize(source, 1, resized);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Resize_SeveralThreads_ShareOneInstance()
    {
        ResizeCase given = Load()[0];
        BilinearResize resize = new(given.SourceHeight, given.SourceWidth, given.Height, given.Width);
        byte[][] results = new byte[64][];

        Parallel.For(0, results.Length, i =>
        {
            results[i] = new byte[given.Expected.Length];
            resize.Resize(given.Source, given.Channels, results[i]);
        });

        Assert.All(results, resized => Assert.Equal(given.Expected, resized));
    }

    [Fact]
    public void Resize_SpanOfAnotherShape_Throws()
    {
        BilinearResize resize = new(28, 28, 56, 56);

        ArgumentException error = Assert.Throws<ArgumentException>(() => resize.Resize(new byte[27 * 28], 1, new byte[56 * 56]));

        Assert.Contains("[28, 28, 1]", error.Message, StringComparison.Ordinal);
    }

    private static ResizeCase[] Load() => Fixture.Json<ResizeCase[]>("Imaging", "resize.json");

    private sealed record ResizeCase(
        int SourceHeight, int SourceWidth, int Channels, int Height, int Width, byte[] Source, byte[] Expected);
}
