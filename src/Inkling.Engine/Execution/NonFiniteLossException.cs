namespace Inkling.Engine.Execution;

/// <summary>The loss became NaN or infinite: the learning rate is too high, or an input isn't a number.</summary>
public sealed class NonFiniteLossException : Exception
{
    internal NonFiniteLossException(int step, int epoch, double loss, ReadOnlyMemory<int> samples)
        : base($"step {step} (epoch {epoch + 1}): expected a finite loss, got {loss}; lower the peak learning rate")
    {
        Step = step;
        Epoch = epoch;
        Samples = samples.ToArray();
    }

    /// <summary>From 0.</summary>
    public int Step { get; }

    /// <summary>From 0.</summary>
    public int Epoch { get; }

    /// <summary>The batch's images, as indices in the dataset.</summary>
    public IReadOnlyList<int> Samples { get; }
}
