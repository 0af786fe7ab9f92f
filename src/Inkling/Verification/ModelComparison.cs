using System.Globalization;
using Inkling.Data;
using Inkling.Engine;
using Inkling.Evaluation;
using Inkling.Publishing;
using Inkling.Statistics;
using Inkling.Training;

namespace Inkling.Verification;

/// <summary>Compares two models that have other bytes by what they say about the test images.</summary>
internal static class ModelComparison
{
    internal static (VerificationGrade Grade, string Reason) Grade(
        TrainedPackage package, TrainedModel rebuilt, ImageDataset dataset, WorkerTeam team)
    {
        if (dataset.Test?.Open() is not { } test)
        {
            return (VerificationGrade.Different, "The weights differ, and there are no test images to compare them by.");
        }

        ClassificationMetrics published = ModelEvaluator.Evaluate(package.Weights, package.Normalization, test, team);
        ClassificationMetrics here = ModelEvaluator.Evaluate(rebuilt.Weights, rebuilt.Normalization, test, team);
        int changed = published.Predictions.Zip(here.Predictions).Count(pair => pair.First != pair.Second);
        if (changed == 0)
        {
            return (VerificationGrade.Predictions, $"The weights differ, but all {test.Count} test images get the same labels.");
        }

        ProportionInterval interval = published.AccuracyInterval95;
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"The weights differ, and {changed} of {test.Count} test images get other labels; accuracy {100 * here.Accuracy:F2} %, published interval {100 * interval.Low:F2} to {100 * interval.High:F2} %.");
        return here.Accuracy >= interval.Low && here.Accuracy <= interval.High
            ? (VerificationGrade.Metrics, figures)
            : (VerificationGrade.Different, figures);
    }
}
