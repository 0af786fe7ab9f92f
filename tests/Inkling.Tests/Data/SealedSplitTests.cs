using Inkling.Data;

namespace Inkling.Tests.Data;

public class SealedSplitTests
{
    [Fact]
    public void Open_Unopened_HasReadNothing()
    {
        int loads = 0;

        var split = new SealedSplit(() => Load(ref loads));

        Assert.Equal((0, 0), (split.Openings, loads));
    }

    [Fact]
    public void Open_Thrice_CountsThreeAndReadsOnce()
    {
        int loads = 0;
        var split = new SealedSplit(() => Load(ref loads));

        ImageSet first = split.Open();
        split.Open();
        ImageSet last = split.Open();

        Assert.Equal((3, 1), (split.Openings, loads));
        Assert.Same(first, last);
    }

    private static ImageSet Load(ref int loads)
    {
        loads++;
        return new ImageSet(1, 1, 1, classCount: 1, pixels: [7], labels: [0], new Dictionary<string, string>());
    }
}
