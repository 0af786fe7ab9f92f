using Inkling.Engine;

namespace Inkling.Tests.Engine.Execution;

public sealed class QuickerWayTests
{
    [Theory]
    [InlineData(60, 90, 0)]
    [InlineData(116, 94, 1)]
    public void Choose_OverThousandsOfRequests_TakesTheQuickerAndTriesTheOtherNowAndThen(long first, long second, int quicker)
    {
        int[] taken = new int[2];
        Ask(new QuickerWay(), 10_000, way => way == 0 ? first : second, taken);

        Assert.True(taken[quicker] >= 9_900, $"taken {taken[0]} and {taken[1]} times");
        Assert.True(taken[1 - quicker] > 0);
    }

    [Fact]
    public void Choose_FirstRequest_IsTheFirstWay() => Assert.Equal(0, new QuickerWay().Choose());

    [Fact]
    public void Choose_AfterTheHostChanged_FollowsWithinTwoIntervals()
    {
        var chooser = new QuickerWay();
        Ask(chooser, 5_000, way => way == 0 ? 60 : 90, new int[2]);
        Ask(chooser, 2 * QuickerWay.Interval, way => way == 0 ? 120 : 90, new int[2]);

        int[] taken = new int[2];
        Ask(chooser, 1_000, way => way == 0 ? 120 : 90, taken);

        Assert.True(taken[1] >= 990 - QuickerWay.Tries, $"taken {taken[0]} and {taken[1]} times");
    }

    [Fact]
    public void Choose_WhenSomethingElseDelaysSomeRequests_StillTakesTheQuicker()
    {
        int request = 0;
        int[] taken = new int[2];

        // Two of three requests take tenfold; of four tries in a row at least one isn't among them.
        Ask(new QuickerWay(), 10_000, way => (way == 0 ? 60 : 90) * (request++ % 3 == 0 ? 1 : 10), taken);

        Assert.True(taken[0] >= 9_900, $"taken {taken[0]} and {taken[1]} times");
    }

    private static void Ask(QuickerWay chooser, int requests, Func<int, long> ticks, int[] taken)
    {
        for (int i = 0; i < requests; i++)
        {
            int way = chooser.Choose();
            taken[way]++;
            chooser.Took(way, ticks(way));
        }
    }
}
