namespace Inkling.Mnist;

/// <summary>The four files of MNIST, embedded in this assembly. Source, licence and citation: README.md beside them.</summary>
public static class MnistFiles
{
    /// <summary>60,000 training images, 28 × 28, one byte a pixel.</summary>
    public static MnistFile TrainImages { get; } = new(
        "train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");

    /// <summary>60,000 training labels, 0 to 9.</summary>
    public static MnistFile TrainLabels { get; } = new(
        "train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");

    /// <summary>10,000 test images, 28 × 28, one byte a pixel.</summary>
    public static MnistFile TestImages { get; } = new(
        "t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");

    /// <summary>10,000 test labels, 0 to 9.</summary>
    public static MnistFile TestLabels { get; } = new(
        "t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");
}

/// <summary>One embedded file.</summary>
/// <param name="Name">Its original name, without <c>.gz</c>.</param>
/// <param name="Sha256">Hash of the raw (decompressed) file, lower-case hexadecimal.</param>
public sealed record MnistFile(string Name, string Sha256)
{
    /// <summary>Name of the embedded resource.</summary>
    public string ResourceName => Name + ".gz";

    /// <summary>The gzip-compressed bytes, as a seekable stream that the caller disposes.</summary>
    public Stream Open() =>
        typeof(MnistFile).Assembly.GetManifestResourceStream(ResourceName)
        ?? throw new FileNotFoundException(
            $"Opening MNIST: expected the embedded file {ResourceName}, got none. Rebuild Inkling.Mnist.");
}
