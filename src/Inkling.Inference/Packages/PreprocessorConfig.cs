using System.Text.Json.Nodes;
using Inkling.Preprocessing;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

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

    private static readonly PreprocessorConfig Unset = new(0, 0, [], []);

    private static readonly JsonShape<PreprocessorConfig> Size = new JsonShape<PreprocessorConfig>(Unset, isOpen: true)
        .Required("height", Integer(1, InputRecipe.MaxSide), x => x.Height, (x, v) => x with { Height = v })
        .Required("width", Integer(1, InputRecipe.MaxSide), x => x.Width, (x, v) => x with { Width = v });

    private static readonly JsonShape<PreprocessorConfig> Json = new JsonShape<PreprocessorConfig>(Unset, isOpen: true)
        .Written("image_processor_type", _ => "ViTImageProcessor")
        .Written("do_convert_rgb", _ => true)
        .Written("do_resize", _ => true)
        .Required("size", Size, x => x, (x, v) => x with { Height = v.Height, Width = v.Width })
        .Written("resample", _ => Bilinear)
        .Written("do_rescale", _ => true)
        .Constant("rescale_factor", Number(RescaleFactor, RescaleFactor), RescaleFactor)
        .Written("do_normalize", _ => true)
        .Required("image_mean", List(Number(-1, 2), 1, 4), x => x.Mean, (x, v) => x with { Mean = v })
        .Required(
            "image_std", List(Number(0, 100, aboveLeast: true), 1, 4), x => x.StandardDeviation, (x, v) => x with { StandardDeviation = v })
        .Check("image_std", x => x.Mean.Count == x.StandardDeviation.Count || x.Mean.Count == 0 || x.StandardDeviation.Count == 0 ? null
            : $"expected as many values as image_mean, {x.Mean.Count}; found {x.StandardDeviation.Count}");

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
        PackageJson.Read(path, "the preprocessor_config.json of an image classifier", Json);

    /// <summary>Writes the canonical bytes.</summary>
    /// <exception cref="IOException">The folder is absent or the disk full.</exception>
    public void Write(string path) => AtomicFile.Write(path, CanonicalJson.Write(ToJson()));

    /// <summary>The tree to write.</summary>
    public JsonObject ToJson() => Json.Write(this);
}
