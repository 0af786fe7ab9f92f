namespace Inkling.Preprocessing;

/// <summary>What an image becomes before the network sees it.</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Framing">How an image from outside the dataset is fitted in.</param>
public sealed record InputRecipe(int Channels, int Height, int Width, Framing Framing)
{
    /// <summary>Most pixels of a side.</summary>
    public const int MaxSide = 4096;
}

/// <summary>How an image from outside the dataset is fitted to the input.</summary>
public enum Framing
{
    /// <summary>The whole picture is scaled.</summary>
    None,

    /// <summary>As MNIST was made: the digit is scaled into the middle box and centred by its mass.</summary>
    Digit,
}
