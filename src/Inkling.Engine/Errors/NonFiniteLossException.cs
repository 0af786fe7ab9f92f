namespace Inkling.Engine;

/// <summary>The loss became NaN or infinite: the learning rate is too high, or an input isn't a number.</summary>
public sealed class NonFiniteLossException : InklingException
{
    private const int SamplesTold = 8;

    internal NonFiniteLossException(int step, int epoch, double loss, ReadOnlyMemory<int> samples, string tensor)
        : base(
            $"step {step} (epoch {epoch + 1}, images {Told(samples)}): expected a finite loss, got {loss}; "
            + $"the first tensor that isn't finite is {tensor}. Lower the peak learning rate, or check those images")
    {
        Step = step;
        Epoch = epoch;
        Samples = samples.ToArray();
        Tensor = tensor;
    }

    /// <summary>From 0.</summary>
    public int Step { get; }

    /// <summary>From 0.</summary>
    public int Epoch { get; }

    /// <summary>The batch's images, as indices in the dataset.</summary>
    public IReadOnlyList<int> Samples { get; }

    /// <summary>
    /// The first tensor on the way from the images to the loss that holds NaN or infinity: an image, a parameter, or the logits.
    /// </summary>
    public string Tensor { get; }

    private static string Told(ReadOnlyMemory<int> samples) =>
        string.Join(", ", samples[..Math.Min(samples.Length, SamplesTold)].ToArray())
        + (samples.Length > SamplesTold ? $" and {samples.Length - SamplesTold} more" : "");
}
