using Inkling.Engine;

namespace Inkling.Data;

/// <summary>Data that is missing, damaged or not what it claims to be. The facts of the message are properties too.</summary>
public sealed class DataFormatException : InklingException
{
    /// <summary>States one fault of one file, folder or dataset.</summary>
    /// <param name="path">What was being read, as the user named it.</param>
    /// <param name="offsetBytes">Where in the raw (decompressed) file, or null if the fault has no one place.</param>
    /// <param name="expected">What should have been there.</param>
    /// <param name="actual">What was there.</param>
    /// <param name="advice">What to do next: a full sentence.</param>
    /// <param name="innerException">The cause, if another exception reported it.</param>
    public DataFormatException(
        string path, long? offsetBytes, string expected, string actual, string advice, Exception? innerException = null)
        : base(Describe(path, offsetBytes, expected, actual, advice), innerException)
    {
        Path = path;
        OffsetBytes = offsetBytes;
        Expected = expected;
        Actual = actual;
        Advice = advice;
    }

    /// <summary>What was being read, as the user named it.</summary>
    public string Path { get; }

    /// <summary>Offset in the raw (decompressed) file, in bytes; null if the fault has no one place.</summary>
    public long? OffsetBytes { get; }

    /// <summary>What should have been there.</summary>
    public string Expected { get; }

    /// <summary>What was there.</summary>
    public string Actual { get; }

    /// <summary>What to do next.</summary>
    public string Advice { get; }

    private static string Describe(string path, long? offsetBytes, string expected, string actual, string advice)
    {
        string place = offsetBytes is long offset ? $" at byte {offset}" : "";
        return $"Reading {path}{place}: expected {expected}, got {actual}. {advice}";
    }
}
