using Inkling.Engine;
using Inkling.Imaging;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Serialization;

namespace Inkling;

/// <summary>A trained model, ready to say what is on a picture.</summary>
/// <example>
/// <code>
/// using ImageClassifier classifier = ImageClassifier.Load("default");
/// Prediction prediction = classifier.Predict("seven.png");
/// Console.WriteLine($"{prediction.Label} ({prediction.Probability:P1})");
/// </code>
/// </example>
/// <remarks>
/// One instance serves any number of threads at once: share it. Each call that runs beside others costs a workspace of activations, not a
/// model.
/// </remarks>
public sealed class ImageClassifier : IDisposable
{
    private static readonly int[] OnlySample = [0];

    private readonly ModelPackage _package;
    private readonly WorkerTeam _team;
    private readonly Predictor _predictor;
    private volatile bool _isDisposed;

    private ImageClassifier(ModelPackage package)
    {
        _package = package;
        _team = new WorkerTeam(1);
        _predictor = new Predictor(package.Weights, _team, chunkSize: 1);
    }

    /// <summary>Names of the classes, in the order of the model's outputs.</summary>
    public IReadOnlyList<string> Classes => _package.Classes;

    /// <summary>Opens a package.</summary>
    /// <param name="package">A folder, which wins if it exists, or <c>default</c>: the model that ships.</param>
    /// <exception cref="ModelFormatException">It isn't a sound package.</exception>
    public static ImageClassifier Load(string package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return new ImageClassifier(ModelPackage.Open(ShippedModel.Resolve(package)));
    }

    /// <summary>Classifies a PNG, JPEG, BMP or WebP file of any size and colour.</summary>
    /// <exception cref="ImageFormatException">The file isn't a sound picture.</exception>
    /// <exception cref="IOException">The file is absent or unreadable.</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed of.</exception>
    public Prediction Predict(string path)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Predict(ImageDecoder.Decode(path));
    }

    /// <summary>Classifies a decoded picture.</summary>
    /// <exception cref="ObjectDisposedException">The classifier is disposed of.</exception>
    public Prediction Predict(DecodedImage image)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var picture = FramedPicture.Of(image, _package.Input);
        if (picture is null)
        {
            return Prediction.NoDigit;
        }

        float[] probabilities = new float[Classes.Count];
        float[] logits = new float[Classes.Count];
        _predictor.Predict(new PreprocessedImages(picture, _package.Normalization), OnlySample, probabilities, logits);
        TemperatureScaling.Apply(logits, _package.Calibration.Temperature, probabilities);
        bool? sure = _package.Calibration.IsSure(probabilities.Max());
        return new Prediction(
            [.. probabilities
                .Select((probability, label) => new LabelProbability(Classes[label], probability))
                .OrderByDescending(entry => entry.Probability)],
            sure,
            sure == false ? DoubtReason.LowProbability : null);
    }

    /// <summary>Waits for predictions in progress and frees the model.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _predictor.Dispose();
        _team.Dispose();
        _package.Dispose();
    }

    /// <summary>One picture, framed as the recipe says.</summary>
    private sealed class FramedPicture(byte[] planes, int height, int width) : IRawImages
    {
        public int Height => height;

        public int Width => width;

        /// <summary>Null if the recipe wants a digit and there is no ink.</summary>
        internal static FramedPicture? Of(DecodedImage image, InputRecipe input)
        {
            if (input.Framing != Framing.Digit)
            {
                return new FramedPicture(image.ToPlanes(input.Channels), image.Height, image.Width);
            }

            byte[] framed = DigitFraming.Frame(image);
            return DigitFraming.HasInk(framed) ? new FramedPicture(framed, DigitFraming.Size, DigitFraming.Size) : null;
        }

        public ReadOnlySpan<byte> Image(int index) => planes;

        public int Label(int index) => 0;
    }
}

/// <summary>What a picture shows, according to a model.</summary>
/// <param name="Ranking">
/// Every class, most probable first; of equal ones the first label. The probabilities are calibrated. Empty if there is nothing to
/// classify.
/// </param>
/// <param name="IsSure">Whether the answer is to be relied on; null if the package has no threshold to say so.</param>
/// <param name="Why">Why it isn't; null if it is, or if there is no threshold.</param>
public sealed record Prediction(IReadOnlyList<LabelProbability> Ranking, bool? IsSure = null, DoubtReason? Why = null)
{
    internal static Prediction NoDigit { get; } = new([], IsSure: false, DoubtReason.NoDigit);

    /// <summary>The most probable class; null if there is nothing to classify.</summary>
    public string? Label => Ranking is [var first, ..] ? first.Label : null;

    /// <summary>Its probability; null as the label is.</summary>
    public float? Probability => Ranking is [var first, ..] ? first.Probability : null;
}

/// <summary>Why an answer isn't to be relied on.</summary>
public enum DoubtReason
{
    /// <summary>The picture shows no ink: an empty page, or one colour throughout.</summary>
    NoDigit,

    /// <summary>The most probable class is less probable than the package's threshold.</summary>
    LowProbability,
}

/// <summary>A class and its probability.</summary>
public readonly record struct LabelProbability(string Label, float Probability);
