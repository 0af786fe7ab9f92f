namespace Inkling.Evaluation;

/// <summary>How fast a machine uses a model. Measured, so no part of what equal models have equal.</summary>
/// <param name="ImagesPerSecond">In batches, from the median batch.</param>
/// <param name="MillisecondsPerImage">Median time of one image alone, all threads at work on it.</param>
/// <param name="Threads">How many worked.</param>
public sealed record InferenceSpeed(double ImagesPerSecond, double MillisecondsPerImage, int Threads);
