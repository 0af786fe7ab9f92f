using Inkling.Packages;

namespace Inkling.Evaluation;

/// <summary>Chooses a model's calibration on validation images.</summary>
public static class CalibrationFit
{
    /// <summary>
    /// The target risk is this share of the error over all validation images: three mistakes of four are to be held back.
    /// </summary>
    public const double TargetShare = 0.25;

    extension(Calibration)
    {
        /// <summary>Chooses the temperature, then the threshold.</summary>
        /// <param name="validation">The validation images.</param>
        public static Calibration Fit(LabelledLogits validation)
        {
            ArgumentNullException.ThrowIfNull(validation);
            double temperature = TemperatureFit.Fit(validation);
            AbstentionCurve curve = ClassificationMetrics.Compute(validation, temperature).Abstention;
            double target = TargetShare * curve.Risk(curve.Count);
            if (curve.ThresholdFor(target) is not { } threshold)
            {
                return new Calibration(validation.Count, temperature, target);
            }

            int answered = curve.Answered(threshold);
            return new Calibration(
                validation.Count, temperature, target, threshold, (double)answered / curve.Count, curve.Risk(answered));
        }
    }
}
