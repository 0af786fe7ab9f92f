using Inkling.Data;
using Inkling.Engine;
using Inkling.Engine.Execution;

namespace Inkling.Evaluation;

/// <summary>Judges weights on labelled images.</summary>
public static class ModelEvaluator
{
    /// <summary>Every metric over the given images.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="normalization">Of the images it was trained on.</param>
    /// <param name="images">The images.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    public static ClassificationMetrics Evaluate(
        NetworkWeights weights, Normalization normalization, ImageSet images, ReadOnlyMemory<int> indices, WorkerTeam team)
    {
        int classes = weights.Network.Classes;
        float[] probabilities = new float[indices.Length * classes];
        using var predictor = new Predictor(weights, team);
        predictor.Predict(new EvaluationImages(images, normalization), indices, probabilities);

        int[] labels = new int[indices.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = images.Labels[indices.Span[i]];
        }

        return ClassificationMetrics.Compute(labels, probabilities, classes);
    }

    /// <summary>Every metric over all images of a set.</summary>
    public static ClassificationMetrics Evaluate(
        NetworkWeights weights, Normalization normalization, ImageSet images, WorkerTeam team) =>
        Evaluate(weights, normalization, images, Enumerable.Range(0, images.Count).ToArray(), team);
}
