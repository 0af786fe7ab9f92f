using Inkling.Augmentation;
using Inkling.Data.Imaging;
using Inkling.Engine.Execution;
using Inkling.Evaluation;
using Inkling.Hub;
using Inkling.Packaging;
using Inkling.Training.Recipes;

namespace Inkling;

/// <summary>A trained model, ready to say what is on a picture.</summary>
/// <example>
/// <code>
/// using ImageClassifier classifier = await ImageClassifier.LoadAsync("USER/NAME");
/// Prediction prediction = classifier.Predict("seven.png");
/// Console.WriteLine($"{prediction.Label} ({prediction.Probability:P1})");
/// </code>
/// </example>
/// <remarks>
/// One instance serves any number of threads at once: share it. Each call that runs beside others costs a workspace of activations, not a model.
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

    /// <summary>Opens a package folder.</summary>
    /// <exception cref="Serialization.ModelFormatException">It isn't a sound package.</exception>
    public static ImageClassifier Load(string folder) => new(ModelPackage.Open(folder));

    /// <summary>Opens a package folder, or a package of the Hugging Face Hub, which is fetched unless the cache has it.</summary>
    /// <param name="package">A folder, which wins if it exists, or <c>USER/NAME[@REV]</c>.</param>
    /// <param name="settings">Where the Hub is and who asks; null for what the official clients' environment variables say.</param>
    /// <param name="cancellation">Ends the fetching; what has been fetched stays for the next time.</param>
    /// <exception cref="Serialization.ModelFormatException">It isn't a sound package.</exception>
    /// <exception cref="HubException">The Hub refuses or can't be reached.</exception>
    public static async Task<ImageClassifier> LoadAsync(
        string package, HubSettings? settings = null, CancellationToken cancellation = default)
    {
        PackageLocation location = await PackageLocation.FindAsync(
            package, () => settings ?? HubSettings.FromEnvironment(), progress: null, cancellation).ConfigureAwait(false);
        return Load(location.Folder);
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
        float[] probabilities = new float[Classes.Count];
        float[] logits = new float[Classes.Count];
        _predictor.Predict(new Picture(image, _package), OnlySample, probabilities, logits);
        TemperatureScaling.Apply(logits, _package.Calibration.Temperature, probabilities);
        return new Prediction(
            [.. probabilities
                .Select((probability, label) => new LabelProbability(Classes[label], probability))
                .OrderByDescending(entry => entry.Probability)],
            _package.Calibration.IsSure(probabilities.Max()));
    }

    /// <summary>Waits for predictions in progress and frees the model.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _predictor.Dispose();
        _team.Dispose();
        _package.Dispose();
    }

    /// <summary>One picture, framed as the recipe says, on its way into the network.</summary>
    private sealed class Picture(DecodedImage image, ModelPackage package) : IImageSource
    {
        public int Load(int epoch, int sample, ImageView destination)
        {
            (byte[] planes, int height, int width) = Frame(destination.Shape.Channels);
            new EvaluationTransform(height, width, package.Normalization.ToPixels(), PlaneLayout.Of(destination))
                .Apply(planes, destination.Planes);
            return 0;
        }

        private (byte[] Planes, int Height, int Width) Frame(int channels) =>
            package.Lock.Recipe.Input.Framing == Framing.Digit
                ? (DigitFraming.Frame(image), DigitFraming.Size, DigitFraming.Size)
                : (image.ToPlanes(channels), image.Height, image.Width);
    }
}

/// <summary>What a picture shows, according to a model.</summary>
/// <param name="Ranking">Every class, most probable first; of equal ones the first label. The probabilities are calibrated.</param>
/// <param name="IsSure">Whether the first is above the package's threshold; null if it has none.</param>
public sealed record Prediction(IReadOnlyList<LabelProbability> Ranking, bool? IsSure = null)
{
    /// <summary>The most probable class.</summary>
    public string Label => Ranking[0].Label;

    /// <summary>Its probability.</summary>
    public float Probability => Ranking[0].Probability;
}

/// <summary>A class and its probability.</summary>
public readonly record struct LabelProbability(string Label, float Probability);
