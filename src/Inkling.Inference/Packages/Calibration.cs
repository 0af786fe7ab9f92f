using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Packages;

/// <summary>How a model's scores become probabilities, and from which probability on it is sure. Chosen on validation images.</summary>
/// <param name="Images">Validation images that it was chosen on; 0 if there were none, and then nothing is changed.</param>
/// <param name="Temperature">What logits are divided by; 1 without validation images.</param>
/// <param name="TargetRisk">The share of wrong answers that was put up with; null without validation images.</param>
/// <param name="Threshold">An answer below this probability is "not sure"; null if no threshold keeps the target, or there were no
/// images.</param>
/// <param name="Coverage">Share of the validation images above the threshold.</param>
/// <param name="Risk">Share of wrong answers among those.</param>
public sealed record Calibration(
    int Images, double Temperature, double? TargetRisk = null, float? Threshold = null, double? Coverage = null, double? Risk = null)
{
    private static readonly JsonForm<double?> ShareOrNull = NumberOrNull(Number(0, 1));

    private static readonly JsonForm<double> TemperatureRange = Number(TemperatureScaling.Lowest, TemperatureScaling.Highest);

    /// <summary>The network's own probabilities, and no threshold.</summary>
    public static Calibration None { get; } = new(0, 1);

    /// <summary><c>calibration.json</c>: docs/formats.md#calibrationjson.</summary>
    internal static JsonShape<Calibration> Json { get; } = new JsonShape<Calibration>(None)
        .Required("images", Integer(), x => x.Images, (x, v) => x with { Images = v })
        .Required("temperature", TemperatureRange, x => x.Temperature, (x, v) => x with { Temperature = v })
        .Required("target_risk", ShareOrNull, x => x.TargetRisk, (x, v) => x with { TargetRisk = v })
        .Required("threshold", NumberOrNull(Float(0, 1)), x => x.Threshold, (x, v) => x with { Threshold = v })
        .Required("coverage", ShareOrNull, x => x.Coverage, (x, v) => x with { Coverage = v })
        .Required("risk", ShareOrNull, x => x.Risk, (x, v) => x with { Risk = v });

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ModelFormatException">A key is missing or unknown, or a value out of range.</exception>
    /// <exception cref="IOException">The file is absent or unreadable.</exception>
    public static Calibration Read(string path) => PackageJson.Read(path, "a calibration", Json);

    /// <summary>Writes the canonical bytes.</summary>
    /// <exception cref="IOException">The folder is absent or the disk full.</exception>
    public void Write(string path) => AtomicFile.Write(path, CanonicalJson.Write(Json.Write(this)));

    /// <summary>Whether an answer of this probability is to be relied on; null if there is no threshold.</summary>
    public bool? IsSure(float probability) => Threshold is { } threshold ? probability >= threshold : null;
}
