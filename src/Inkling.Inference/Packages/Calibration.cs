namespace Inkling.Packages;

/// <summary>How a model's scores become probabilities, and from which probability on it is sure. Chosen on validation images.</summary>
/// <param name="Images">Validation images that it was chosen on; 0 if there were none, and then nothing is changed.</param>
/// <param name="Temperature">What logits are divided by; 1 without validation images.</param>
/// <param name="TargetRisk">The share of wrong answers that was put up with; null without validation images.</param>
/// <param name="Threshold">An answer below this probability is "not sure"; null if no threshold keeps the target, or there were no images.</param>
/// <param name="Coverage">Share of the validation images above the threshold.</param>
/// <param name="Risk">Share of wrong answers among those.</param>
public sealed record Calibration(
    int Images, double Temperature, double? TargetRisk = null, float? Threshold = null, double? Coverage = null, double? Risk = null)
{
    /// <summary>The network's own probabilities, and no threshold.</summary>
    public static Calibration None { get; } = new(0, 1);

    /// <summary>Whether an answer of this probability is to be relied on; null if there is no threshold.</summary>
    public bool? IsSure(float probability) => Threshold is { } threshold ? probability >= threshold : null;
}
