namespace Inkling.Engine;

/// <summary>Shape of one image's activations.</summary>
/// <param name="Channels">C.</param>
/// <param name="Height">H, in pixels.</param>
/// <param name="Width">W, in pixels.</param>
public readonly record struct Shape(int Channels, int Height, int Width)
{
    /// <summary>C·H·W.</summary>
    public int Count => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"[{Channels}, {Height}, {Width}]";
}
