using System.Text.Json.Nodes;
using Inkling.Serialization;

namespace Inkling.Packages;

/// <summary><c>calibration.json</c>: the temperature and the threshold, chosen on the validation images. Rules: docs/formats.md#calibrationjson.</summary>
internal static class CalibrationFile
{
    /// <summary>Writes the canonical bytes.</summary>
    public static void Write(string path, Calibration calibration) => AtomicFile.Write(path, CanonicalJson.Write(new JsonObject
    {
        ["images"] = calibration.Images,
        ["temperature"] = calibration.Temperature,
        ["target_risk"] = calibration.TargetRisk,
        ["threshold"] = calibration.Threshold,
        ["coverage"] = calibration.Coverage,
        ["risk"] = calibration.Risk,
    }));

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ModelFormatException">A key is missing or unknown, or a value out of range.</exception>
    public static Calibration Read(string path) => PackageJson.Read(path, "a calibration", value =>
    {
        StrictObject calibration = value.Object("images", "temperature", "target_risk", "threshold", "coverage", "risk");
        return new Calibration(
            calibration["images"].Integer(0, int.MaxValue),
            calibration["temperature"].Number(new Interval(TemperatureScaling.Lowest, TemperatureScaling.Highest)),
            Share(calibration["target_risk"]),
            calibration["threshold"] is { IsNull: false } threshold ? threshold.Single(new Interval(0, 1)) : null,
            Share(calibration["coverage"]),
            Share(calibration["risk"]));
    });

    private static double? Share(StrictValue value) => value.IsNull ? null : value.Number(new Interval(0, 1));
}
