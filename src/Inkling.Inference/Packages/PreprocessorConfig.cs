using System.Text.Json.Nodes;
using Inkling.Preprocessing;
using Inkling.Serialization;

namespace Inkling.Packages;

/// <summary>
/// <c>preprocessor_config.json</c>: from a picture to the network's input, in the keys of <c>ViTImageProcessor</c>.
/// </summary>
/// <remarks>
/// Scaled bilinearly to Height × Width, bytes divided by 255, then (x − mean) / deviation. Clients open every picture in
/// colour, so the statistics of grey images stand there three times.
/// </remarks>
/// <param name="Height">Of the input, in pixels.</param>
/// <param name="Width">Of the input, in pixels.</param>
/// <param name="Mean">One a channel, for pixels in [0, 1].</param>
/// <param name="StandardDeviation">One a channel, for pixels in [0, 1]; above 0.</param>
public sealed record PreprocessorConfig(
    int Height, int Width, IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation)
{
    // What PIL and the libraries call bilinear.
    private const int Bilinear = 2;
    private const double RescaleFactor = 1 / 255.0;

    /// <summary>For pictures in colour, whatever the network was trained on.</summary>
    /// <param name="height">Of the input, in pixels.</param>
    /// <param name="width">Of the input, in pixels.</param>
    /// <param name="normalization">Of the training images, grey or colour.</param>
    public static PreprocessorConfig InColour(int height, int width, Normalization normalization)
    {
        int repeats = GreyStem.ColourChannels / normalization.Mean.Length;
        return new PreprocessorConfig(
            height,
            width,
            [.. Enumerable.Repeat(normalization.Mean, repeats).SelectMany(mean => mean)],
            [.. Enumerable.Repeat(normalization.StandardDeviation, repeats).SelectMany(deviation => deviation)]);
    }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ModelFormatException">A key is missing, or asks for steps that aren't these.</exception>
    /// <exception cref="IOException">The file is absent or unreadable.</exception>
    public static PreprocessorConfig Read(string path) =>
        PackageJson.Read(path, "the preprocessor_config.json of an image classifier", FromJson);

    /// <summary>Writes the canonical bytes.</summary>
    /// <exception cref="IOException">The folder is absent or the disk full.</exception>
    public void Write(string path) => AtomicFile.Write(path, CanonicalJson.Write(ToJson()));

    /// <summary>The tree to write.</summary>
    public JsonObject ToJson() => new()
    {
        ["image_processor_type"] = "ViTImageProcessor",
        ["do_convert_rgb"] = true,
        ["do_resize"] = true,
        ["size"] = new JsonObject { ["height"] = Height, ["width"] = Width },
        ["resample"] = Bilinear,
        ["do_rescale"] = true,
        ["rescale_factor"] = RescaleFactor,
        ["do_normalize"] = true,
        ["image_mean"] = PackageJson.Array(Mean),
        ["image_std"] = PackageJson.Array(StandardDeviation),
    };

    private static PreprocessorConfig FromJson(StrictValue value)
    {
        StrictObject config = value.Members("size", "rescale_factor", "image_mean", "image_std");
        StrictObject size = config["size"].Members("height", "width");
        config["rescale_factor"].Number(new Interval(RescaleFactor, RescaleFactor));

        var channels = new Interval(1, 4);
        IReadOnlyList<double> mean = config["image_mean"].List(channels, item => item.Number(new Interval(-1, 2)));
        IReadOnlyList<double> deviation = config["image_std"].List(channels, item => item.Number(new Interval(0, 100, LowOpen: true)));
        if (mean.Count != deviation.Count && mean.Count > 0 && deviation.Count > 0)
        {
            config["image_std"].Fault($"expected as many values as image_mean, {mean.Count}; found {deviation.Count}");
        }

        return new PreprocessorConfig(
            size["height"].Integer(1, InputRecipe.MaxSide), size["width"].Integer(1, InputRecipe.MaxSide), mean, deviation);
    }
}
