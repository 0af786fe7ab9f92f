namespace Inkling.Studies;

/// <summary>What one seed gave, after its last epoch.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="WeightsHash">SHA-256 of <c>model.safetensors</c>, lower-case hexadecimal.</param>
/// <param name="Validation">On the validation images; null if the recipe keeps none.</param>
/// <param name="Test">On the test images; null if the study doesn't open them.</param>
/// <param name="Seconds">Training time, from the start of the first step to the end of the last, validation left out.</param>
/// <param name="ImagesPerSecond">Training images over that time.</param>
public sealed record SeedResult(
    ulong Seed, string WeightsHash, SplitScore? Validation, SplitScore? Test, double Seconds, double ImagesPerSecond)
{
    /// <summary>The score that the study judges by.</summary>
    public SplitScore ScoreOf(StudyJudge judge) => (judge == StudyJudge.Test ? Test : Validation)
        ?? throw new ArgumentException($"Seed {Seed} has no score on the {judge} images.", nameof(judge));
}

/// <summary>A model's worth on one split.</summary>
/// <param name="Count">Images.</param>
/// <param name="Accuracy">Share of right answers.</param>
/// <param name="NegativeLogLikelihood">Mean, in nats.</param>
public sealed record SplitScore(int Count, double Accuracy, double NegativeLogLikelihood);
