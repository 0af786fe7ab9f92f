namespace Inkling.Preprocessing;

/// <summary>One channel's way from a byte to the network's input: (v / 255 − mean) / standard deviation.</summary>
/// <remarks>
/// Computed as one fused multiply-add, v·gain + offset, in training and in evaluation alike: a background of 0 is
/// exactly <see cref="Offset"/> in both.
/// </remarks>
public readonly record struct PixelNormalization
{
    /// <summary>Rounds gain and offset to single precision once.</summary>
    /// <param name="mean">Mean of the training images, on the scale 0 to 1.</param>
    /// <param name="standardDeviation">Their standard deviation on the same scale; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite, or the deviation is not positive.</exception>
    public PixelNormalization(double mean, double standardDeviation)
    {
        if (!double.IsFinite(mean))
        {
            throw new ArgumentOutOfRangeException(nameof(mean), mean, "The mean must be finite.");
        }

        if (!(standardDeviation > 0 && double.IsFinite(standardDeviation)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(standardDeviation), standardDeviation, "The standard deviation must be positive and finite.");
        }

        Gain = (float)(1 / (255 * standardDeviation));
        Offset = (float)(-mean / standardDeviation);
    }

    /// <summary>1 / (255·standard deviation).</summary>
    public float Gain { get; private init; }

    /// <summary>−mean / standard deviation: what a black pixel becomes.</summary>
    public float Offset { get; private init; }

    /// <summary>What normalises contrast·v + brightness as this normalises v: the two cost nothing a pixel.</summary>
    /// <param name="contrast">Factor of every pixel.</param>
    /// <param name="brightness">Added to every pixel, on the scale 0 to 255.</param>
    public PixelNormalization After(double contrast, double brightness) => this with
    {
        Gain = (float)(Gain * contrast),
        Offset = (float)(Offset + Gain * brightness),
    };

    /// <summary>The network's input for a pixel of 0 to 255.</summary>
    public float Apply(float pixel) => MathF.FusedMultiplyAdd(pixel, Gain, Offset);
}
