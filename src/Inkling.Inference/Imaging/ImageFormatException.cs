using Inkling.Engine;

namespace Inkling.Imaging;

/// <summary>A file that was handed in as a picture is not one that can be decoded, or is too large to try.</summary>
public sealed class ImageFormatException : InklingException
{
    /// <summary>Builds the one-line message from the facts.</summary>
    /// <param name="path">The file, or whatever name the caller gave the bytes.</param>
    /// <param name="expected">What a decodable file has here.</param>
    /// <param name="actual">What this one has.</param>
    /// <param name="nextStep">What the user can do, as a sentence.</param>
    public ImageFormatException(string path, string expected, string actual, string nextStep)
        : base($"{path}: expected {expected}, received {actual}. {nextStep}")
    {
        Path = path;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The file, or the name that the caller gave the bytes.</summary>
    public string Path { get; }

    /// <summary>What a decodable file has at the place of the fault.</summary>
    public string Expected { get; }

    /// <summary>What this file has there.</summary>
    public string Actual { get; }
}
