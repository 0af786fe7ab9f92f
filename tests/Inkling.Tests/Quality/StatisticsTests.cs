using Inkling.Statistics;

namespace Inkling.Tests.Quality;

/// <summary>Tails are those of SciPy's stats.chi2.sf.</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData(3.841458820694124, 1, 0.05)]
    [InlineData(16.918977604620448, 9, 0.05)]
    [InlineData(27.877164871256568, 9, 0.001)]
    [InlineData(2.0, 9, 0.9914676066288135)]
    [InlineData(1500.0, 9, 0.0)]
    [InlineData(999.0, 999, 0.4940498779585279)]
    public void ChiSquareTail_AgreesWithSciPy(double chiSquare, int degrees, double tail) =>
        Assert.Equal(tail, SampleStatistics.ChiSquareTail(chiSquare, degrees), 1e-8);

    [Fact]
    public void KolmogorovSmirnov_WorkedExample_IsTheLargestGap() =>
        Assert.Equal(0.5, SampleStatistics.KolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]), 1e-12);
}
