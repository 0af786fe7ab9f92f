namespace Inkling.Training.Recipes;

/// <summary>The learning rate of each step.</summary>
/// <param name="PeakLearningRate">Its highest value.</param>
/// <param name="WarmupFraction">Share of all steps until the peak.</param>
public abstract record ScheduleRecipe(double PeakLearningRate, double WarmupFraction);

/// <summary>Up from peak / initialDivisor to the peak, then down to peak / initialDivisor / finalDivisor (Smith 2018, arXiv:1803.09820).</summary>
/// <param name="PeakLearningRate">The highest value.</param>
/// <param name="WarmupFraction">Share of all steps until the peak.</param>
/// <param name="InitialDivisor">At least 1.</param>
/// <param name="FinalDivisor">At least 1.</param>
public sealed record OneCycleRecipe(double PeakLearningRate, double WarmupFraction, double InitialDivisor, double FinalDivisor)
    : ScheduleRecipe(PeakLearningRate, WarmupFraction);

/// <summary>Linear warm-up to the peak, then half a cosine down to the final value (Loshchilov and Hutter 2016, arXiv:1608.03983).</summary>
/// <param name="PeakLearningRate">The highest value.</param>
/// <param name="WarmupFraction">Share of all steps until the peak.</param>
/// <param name="FinalLearningRate">At most the peak.</param>
public sealed record CosineRecipe(double PeakLearningRate, double WarmupFraction, double FinalLearningRate)
    : ScheduleRecipe(PeakLearningRate, WarmupFraction);
