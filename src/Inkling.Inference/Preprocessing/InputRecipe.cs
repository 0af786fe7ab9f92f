using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

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

    /// <summary>One whose values aren't known yet.</summary>
    public static InputRecipe Unset { get; } = new(0, 0, 0, Framing.None);

    /// <summary>Its form in recipes and locks: docs/formats.md#recipe.</summary>
    public static JsonShape<InputRecipe> Json { get; } = new JsonShape<InputRecipe>(Unset)
        .Required("channels", Integer(1, 3), x => x.Channels, (x, v) => x with { Channels = v })
        .Check("channels", x => x.Channels == 2 ? "expected 1 or 3; found 2" : null)
        .Required("height", Integer(1, MaxSide), x => x.Height, (x, v) => x with { Height = v })
        .Required("width", Integer(1, MaxSide), x => x.Width, (x, v) => x with { Width = v })
        .Required("framing", OneOf(("digit", Framing.Digit), ("none", Framing.None)), x => x.Framing, (x, v) => x with { Framing = v });
}

/// <summary>How an image from outside the dataset is fitted to the input.</summary>
public enum Framing
{
    /// <summary>The whole picture is scaled.</summary>
    None,

    /// <summary>As MNIST was made: the digit is scaled into the middle box and centred by its mass.</summary>
    Digit,
}
