using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;

namespace Inkling.Evaluation.Explanations;

/// <summary>A model's mistakes with what may explain them: where it looked, and which training images are like them.</summary>
/// <param name="Train">The set that it was trained on.</param>
/// <param name="Errors">Surest first; of many the first alone.</param>
internal sealed record ErrorGallery(ImageSet Train, IReadOnlyList<ExplainedError> Errors)
{
    /// <summary>More than these are counted, and not explained.</summary>
    internal const int MostErrors = 200;

    private const int Neighbours = 3;

    /// <summary>Explains the mistakes of an evaluation.</summary>
    /// <param name="evaluation">What they are of.</param>
    /// <param name="weights">The model.</param>
    /// <param name="normalization">Of the images it was trained on.</param>
    /// <param name="train">The set that it was trained on.</param>
    /// <param name="trained">Which of them it was trained on.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    internal static ErrorGallery Explain(
        ModelEvaluation evaluation, NetworkWeights weights, Normalization normalization, ImageSet train, int[] trained, WorkerTeam team)
    {
        Mistake[] mistakes = [.. evaluation.Mistakes.Take(MostErrors)];
        SaliencyMap[] maps = Occlusion.Maps(weights, normalization, evaluation.Calibration.Temperature, evaluation.Images, mistakes, team);
        int[][] neighbours = NearestImages.Find(
            evaluation.Images, [.. mistakes.Select(mistake => mistake.Index)], train, trained, Neighbours, team);
        return new ErrorGallery(
            train, [.. mistakes.Select((mistake, i) => new ExplainedError(mistake, maps[i], neighbours[i]))]);
    }
}

/// <summary>A mistake with what may explain it.</summary>
/// <param name="Mistake">The mistake.</param>
/// <param name="Map">Which parts the wrong answer hangs on.</param>
/// <param name="Neighbours">Indices of the training images most like it, nearest first.</param>
internal sealed record ExplainedError(Mistake Mistake, SaliencyMap Map, int[] Neighbours);
