using Inkling.Engine;

namespace Inkling.Tests.Engine.Schedules;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(0.3, 2)]
    [InlineData(0.25, 4)] // the warm-up ends at step 0: nothing to divide by
    [InlineData(0.1, 10)]
    [InlineData(0.5, 2)]
    [InlineData(0.9, 10)]
    public void OneCycle_ShortRun_StaysBetweenLowestRateAndPeak(double warmup, int totalSteps)
    {
        var schedule = new OneCycleSchedule(PeakLearningRate: 1, warmup, InitialDivisor: 25, FinalDivisor: 100);

        Assert.All(Enumerable.Range(0, totalSteps), step => Assert.InRange(schedule.At(step, totalSteps), 1.0 / 2500 - 1e-15, 1));
    }

    [Fact]
    public void OneCycle_WarmupEndsAtTheFirstStep_BeginsAtThePeak()
    {
        Assert.Equal(1, new OneCycleSchedule(1, 0.25, 25, 100).At(0, 4), 1e-15);
    }

    [Fact]
    public void Cosine_TenSteps_WarmsUpLinearlyThenFollowsHalfAWave()
    {
        var schedule = new CosineSchedule(PeakLearningRate: 0.6, WarmupFraction: 0.2, FinalLearningRate: 0.1);

        double[] rates = [.. Enumerable.Range(0, 10).Select(step => schedule.At(step, 10))];

        // 0.6·1/3, 0.6·2/3; then 0.1 + 0.25·(1 + cos(π·k/8)), k from 0: the quarter points of the wave are exact.
        Assert.Equal(0.2, rates[0], 1e-15);
        Assert.Equal(0.4, rates[1], 1e-15);
        Assert.Equal(0.6, rates[2], 1e-15);
        Assert.Equal(0.1 + 0.25 * (1 + Math.Sqrt(0.5)), rates[4], 1e-15);
        Assert.Equal(0.35, rates[6], 1e-15);
        Assert.Equal(0.1 + 0.25 * (1 - Math.Sqrt(0.5)), rates[8], 1e-15);
    }
}
