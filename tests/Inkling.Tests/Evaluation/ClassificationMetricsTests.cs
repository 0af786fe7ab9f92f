using System.Collections.Immutable;
using Inkling.Evaluation;
using Inkling.Statistics;
using Inkling.Tests.Support;

namespace Inkling.Tests.Evaluation;

public sealed class ClassificationMetricsTests
{
    /// <summary>Two orders of summing a few hundred doubles.</summary>
    private const double Rounding = 1e-12;

    /// <summary>scikit-learn's loss is of rows rescaled to sum to exactly 1; single-precision rows miss that by 1e-7.</summary>
    private const double Rescaling = 1e-6;

    /// <summary>Two bootstraps of 2,000 and 20,000 draws: some standard errors of a 2.5 % quantile of values that spread by 0.03.</summary>
    private const double Resampling = 0.006;

    [Theory]
    [InlineData("never answers class 4")]
    [InlineData("nearly always right")]
    public void Compute_SavedProbabilities_GivesScikitLearnsNumbers(string name)
    {
        MetricsCase expected = Fixture.Json<MetricsCase[]>("Evaluation", "metrics.json").Single(given => given.Name == name);

        ClassificationMetrics metrics = ClassificationMetrics.Compute(expected.Labels, expected.Probabilities, expected.Support.Length);

        Assert.Equal(expected.Accuracy, metrics.Accuracy, Rounding);
        AssertInterval(expected.AccuracyInterval, metrics.AccuracyInterval95);
        Assert.Equal(expected.TopTwo, metrics.TopTwoAccuracy, Rounding);
        Assert.Equal(expected.Macro[0], metrics.MacroPrecision, Rounding);
        Assert.Equal(expected.Macro[1], metrics.MacroRecall, Rounding);
        Assert.Equal(expected.Macro[2], metrics.MacroF1, Rounding);
        Assert.Equal(expected.LogLoss, metrics.NegativeLogLikelihood, Rounding);
        Assert.Equal(expected.LogLossSklearn, metrics.NegativeLogLikelihood, Rescaling);
        Assert.Equal(expected.Brier, metrics.Brier, Rounding);
        Assert.Equal(expected.CalibrationError, metrics.ExpectedCalibrationError, Rounding);
        Assert.Equal(expected.CalibrationErrorEqualMass, metrics.EqualMass.Error, Rounding);
        AssertClasses(expected, metrics.PerClass);
        AssertConfusion(expected.Confusion, metrics.Confusion);
    }

    [Theory]
    [InlineData("never answers class 4")]
    [InlineData("nearly always right")]
    public void MacroIntervals_SavedProbabilities_AreThoseOfAnotherBootstrap(string name)
    {
        MetricsCase expected = Fixture.Json<MetricsCase[]>("Evaluation", "metrics.json").Single(given => given.Name == name);

        MacroIntervals macro =
            ClassificationMetrics.Compute(expected.Labels, expected.Probabilities, expected.Support.Length).MacroIntervals95;

        Assert.All(expected.MacroIntervals.Zip([macro.Precision, macro.Recall, macro.F1]), pair =>
        {
            Assert.Equal(pair.First[0], pair.Second.Low, Resampling);
            Assert.Equal(pair.First[1], pair.Second.High, Resampling);
        });
    }

    [Theory]
    [InlineData("never answers class 4")]
    [InlineData("nearly always right")]
    public void Abstention_SavedProbabilities_HasNumPysRisks(string name)
    {
        MetricsCase expected = Fixture.Json<MetricsCase[]>("Evaluation", "metrics.json").Single(given => given.Name == name);

        AbstentionCurve curve = ClassificationMetrics.Compute(expected.Labels, expected.Probabilities, expected.Support.Length).Abstention;

        Assert.Equal(expected.Risks, Enumerable.Range(1, curve.Count).Select(curve.Risk));
        Assert.Equal(expected.Risks.Average(), curve.Area, Rounding);
        Assert.Equal(expected.Threshold, curve.ThresholdFor(CalibrationFit.TargetShare * curve.Risk(curve.Count)));
    }

    [Fact]
    public void Compute_ClassNeverPredicted_HasZeroPrecisionAndKnowsNothing()
    {
        ClassificationMetrics metrics = ClassificationMetrics.Compute([0, 1], [0.9f, 0.1f, 0.8f, 0.2f], 2);

        ClassMetrics never = metrics.PerClass[1];

        Assert.Equal((0.0, 0.0, 0.0), (never.Precision, never.Recall, never.F1));
        Assert.Equal(new ProportionInterval(0, 1), never.PrecisionInterval95);
    }

    [Fact]
    public void Compute_EqualProbabilities_AnswersTheLowestClass()
    {
        ClassificationMetrics metrics = ClassificationMetrics.Compute([1, 2], [0.25f, 0.25f, 0.5f, 0.3f, 0.3f, 0.4f], 3);
        ClassificationMetrics tie = ClassificationMetrics.Compute([0, 1, 2], [.. Enumerable.Repeat(1 / 3f, 9)], 3);

        Assert.Equal(0.5, metrics.TopTwoAccuracy);
        Assert.Equal(3, tie.Confusion.Predicted(0));
        Assert.Equal(2.0 / 3, tie.TopTwoAccuracy);
    }

    [Fact]
    public void Compute_CertainAndWrong_HasAFiniteLoss()
    {
        ClassificationMetrics metrics = ClassificationMetrics.Compute([0], [0f, 1f], 2);

        Assert.Equal(87.33654475055310, metrics.NegativeLogLikelihood, Rounding);
        Assert.Equal(2, metrics.Brier);
        Assert.Equal(1, metrics.ExpectedCalibrationError);
    }

    [Fact]
    public void Compute_Logits_ThrowsAndSaysSo()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ClassificationMetrics.Compute([0, 1], [1, 0, 3.5f, -1], 2));

        Assert.Contains("Sample 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("softmax", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compute_WrongArguments_Throws()
    {
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.Compute([], [], 2));
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.Compute([0], [1, 0, 0], 2));
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.Compute([2], [1, 0], 2));
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.Compute([-1], [1, 0], 2));
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.Compute([0], [float.NaN, 1], 2));
        Assert.Throws<ArgumentException>(() => ClassificationMetrics.Compute([0], [0.5f, 0.4f], 2));
    }

    private static void AssertClasses(MetricsCase expected, ImmutableArray<ClassMetrics> actual)
    {
        Assert.Equal(expected.Support, actual.Select(metrics => metrics.Support));
        for (int k = 0; k < actual.Length; k++)
        {
            Assert.Equal(expected.Precision[k], actual[k].Precision, Rounding);
            Assert.Equal(expected.Recall[k], actual[k].Recall, Rounding);
            Assert.Equal(expected.F1[k], actual[k].F1, Rounding);
            AssertInterval(expected.PrecisionIntervals[k], actual[k].PrecisionInterval95);
            AssertInterval(expected.RecallIntervals[k], actual[k].RecallInterval95);
            AssertInterval(expected.F1Intervals[k], actual[k].F1Interval95);
        }
    }

    private static void AssertConfusion(int[][] expected, ConfusionMatrix actual)
    {
        for (int label = 0; label < expected.Length; label++)
        {
            Assert.Equal(expected[label], Enumerable.Range(0, expected.Length).Select(answer => actual[label, answer]));
        }
    }

    private static void AssertInterval(double[] expected, ProportionInterval actual)
    {
        Assert.Equal(expected[0], actual.Low, Rounding);
        Assert.Equal(expected[1], actual.High, Rounding);
    }

    private sealed record MetricsCase(
        string Name, int[] Labels, float[] Probabilities, int[][] Confusion, double Accuracy, double[] AccuracyInterval,
        double TopTwo, double[] Precision, double[] Recall, double[] F1, int[] Support, double[][] PrecisionIntervals,
        double[][] RecallIntervals, double[][] F1Intervals, double[] Macro, double[][] MacroIntervals, double LogLoss,
        double LogLossSklearn,
        double Brier, double CalibrationError, double CalibrationErrorEqualMass, double[] Risks, float? Threshold);
}
