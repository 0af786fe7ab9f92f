using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Packages;
using Inkling.Tests.Support;

namespace Inkling.Tests.Evaluation;

public sealed class CalibrationTests
{
    /// <summary>Half of the last decimal that a temperature has, and as much for SciPy's search.</summary>
    private const double Rounding = 1e-4;

    [Fact]
    public void Fit_SavedLogits_IsTheTemperatureOfSciPy()
    {
        TemperatureCase good = Case("nearly always right");

        double temperature = TemperatureFit.Fit(good.Images);

        Assert.Equal(good.Temperature, temperature, Rounding);
        Assert.Equal(temperature, Math.Round(temperature, 4));
    }

    [Fact]
    public void Fit_LikelihoodFallsAllTheWay_StopsAtTheEndOfTheRange()
    {
        TemperatureCase never = Case("never answers class 4");

        Assert.True(never.Temperature > TemperatureScaling.Highest);
        Assert.Equal(TemperatureScaling.Highest, TemperatureFit.Fit(never.Images));
    }

    [Fact]
    public void Fit_EveryAnswerRight_StaysOne() =>
        Assert.Equal(1, TemperatureFit.Fit(new LabelledLogits([0, 1, 1], [2, 1, 0, 3, -1, 0.5f], 2)));

    [Fact]
    public void Probabilities_AnyTemperature_NeverChangeTheOrderAndSumToOne()
    {
        var images = new LabelledLogits([0, 1], [2, 1, -3, 0, 0.5f, 90], 3);
        foreach (double temperature in (double[])[0.1, 0.4959, 1, 7])
        {
            float[] probabilities = images.Probabilities(temperature);

            Assert.All(probabilities.Chunk(3), row => Assert.Equal(1, row.Sum(p => (double)p), 1e-6));
            Assert.True(probabilities[0] > probabilities[1] && probabilities[1] >= probabilities[2]);
            Assert.Equal(
                1 / (1 + DeterministicMath.Exp(-1 / temperature) + DeterministicMath.Exp(-5 / temperature)), probabilities[0], 1e-6);
        }
    }

    [Fact]
    public void None_WithoutValidationImages_ChangesNothing()
    {
        Calibration calibration = Calibration.None;

        Assert.Equal((0, 1.0, null, null), (calibration.Images, calibration.Temperature, calibration.TargetRisk, calibration.Threshold));
        Assert.Null(calibration.IsSure(0.2f));
    }

    [Fact]
    public void Fit_SavedLogits_KeepsItsTargetAndTellsWhatItCosts()
    {
        LabelledLogits images = Case("nearly always right").Images;

        Calibration calibration = Calibration.Fit(images);

        ClassificationMetrics metrics = ClassificationMetrics.Compute(images, calibration.Temperature);
        bool[] sure = [.. metrics.Confidences.Select(confidence => calibration.IsSure(confidence)!.Value)];
        int wrong = sure.Zip(metrics.IsRight).Count(image => image.First && !image.Second);
        Assert.Equal(0.25 * (1 - metrics.Accuracy), calibration.TargetRisk!.Value, 1e-12);
        Assert.Equal((double)sure.Count(isSure => isSure) / images.Count, calibration.Coverage);
        Assert.Equal((double)wrong / sure.Count(isSure => isSure), calibration.Risk);
        Assert.InRange(calibration.Risk!.Value, 0, calibration.TargetRisk.Value);
    }

    [Fact]
    public void ThresholdFor_EqualProbabilities_DoesNotPartThem()
    {
        ClassificationMetrics metrics = ClassificationMetrics.Compute([0, 0, 1], [0.9f, 0.1f, 0.8f, 0.2f, 0.8f, 0.2f], 2);

        Assert.Equal(0.9f, metrics.Abstention.ThresholdFor(0));
        Assert.Equal(0.8f, metrics.Abstention.ThresholdFor(0.34));
        Assert.Null(ClassificationMetrics.Compute([1], [0.9f, 0.1f], 2).Abstention.ThresholdFor(0));
    }

    private static TemperatureCase Case(string name) =>
        Fixture.Json<TemperatureCase[]>("Evaluation", "metrics.json").Single(given => given.Name == name);

    private sealed record TemperatureCase(string Name, int[] Labels, float[] Logits, int[] Support, double Temperature)
    {
        internal LabelledLogits Images => new(Labels, Logits, Support.Length);
    }
}
