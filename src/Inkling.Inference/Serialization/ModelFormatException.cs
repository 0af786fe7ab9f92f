using Inkling.Engine;

namespace Inkling.Serialization;

/// <summary>A model file or package folder is not what it claims to be, or is not one of ours.</summary>
public sealed class ModelFormatException : InklingException
{
    /// <param name="path">The file or folder at fault, as the caller named it.</param>
    /// <param name="expected">What a sound file has at this place.</param>
    /// <param name="actual">What was found instead.</param>
    /// <param name="advice">The next step for the reader, a sentence.</param>
    /// <param name="innerException">The fault as the parser saw it, if there was one.</param>
    public ModelFormatException(
        string path, string expected, string actual, string advice, Exception? innerException = null)
        : base(OneLine($"{path}: expected {expected}, found {actual}. {advice}"), innerException)
    {
        Path = path;
        Expected = expected;
        Actual = actual;
        Advice = advice;
    }

    /// <summary>The file or folder at fault.</summary>
    public string Path { get; }

    /// <summary>What a sound file has at this place.</summary>
    public string Expected { get; }

    /// <summary>What was found instead.</summary>
    public string Actual { get; }

    /// <summary>The next step for the reader.</summary>
    public string Advice { get; }

    // Names inside a hostile file may hold line breaks or terminal escapes.
    private static string OneLine(string message) =>
        string.Create(message.Length, message, (line, text) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                line[i] = char.IsControl(text[i]) ? '?' : text[i];
            }
        });
}
