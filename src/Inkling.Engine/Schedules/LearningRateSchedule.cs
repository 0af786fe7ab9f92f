namespace Inkling.Engine;

/// <summary>The learning rate as a function of the step.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    public abstract double At(int step, int totalSteps);

    /// <summary>Half a cosine wave from <paramref name="from"/> (at 0) to <paramref name="to"/> (at 1).</summary>
    private protected static double Cosine(double from, double to, double progress) =>
        to + (from - to) * (1 + DeterministicMath.Cos(Math.PI * progress)) / 2;
}

/// <summary>
/// Up from peak/initialDivisor to the peak, then down to peak/initialDivisor/finalDivisor, both as half cosine waves.
/// </summary>
/// <param name="PeakLearningRate">The highest rate.</param>
/// <param name="WarmupFraction">Share of the steps that goes up, in (0, 1).</param>
/// <param name="InitialDivisor">The first rate is the peak divided by this.</param>
/// <param name="FinalDivisor">The last rate is the first one divided by this.</param>
/// <remarks>Source: Smith and Topin 2017, arXiv:1708.07120; step for step PyTorch's <c>OneCycleLR</c>.</remarks>
public sealed record OneCycleSchedule(double PeakLearningRate, double WarmupFraction, double InitialDivisor, double FinalDivisor)
    : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double At(int step, int totalSteps)
    {
        double initial = PeakLearningRate / InitialDivisor;
        double lastWarmup = WarmupFraction * totalSteps - 1;

        // A warm-up of one step has nowhere to climb from: the run begins at the peak.
        return step <= lastWarmup && lastWarmup > 0
            ? Cosine(initial, PeakLearningRate, step / lastWarmup)
            : Cosine(PeakLearningRate, initial / FinalDivisor, (step - lastWarmup) / (totalSteps - 1 - lastWarmup));
    }
}

/// <summary>A linear warm-up from 0 to the peak, then half a cosine wave down.</summary>
/// <param name="PeakLearningRate">The highest rate.</param>
/// <param name="WarmupFraction">Share of the steps that goes up, in [0, 1).</param>
/// <param name="FinalLearningRate">The rate that the last step nears.</param>
/// <remarks>Source: Loshchilov and Hutter 2016, arXiv:1608.03983, one cycle.</remarks>
public sealed record CosineSchedule(double PeakLearningRate, double WarmupFraction, double FinalLearningRate) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double At(int step, int totalSteps)
    {
        double warmup = WarmupFraction * totalSteps;
        return step < warmup
            ? PeakLearningRate * (step + 1) / (warmup + 1)
            : Cosine(PeakLearningRate, FinalLearningRate, (step - warmup) / (totalSteps - warmup));
    }
}
