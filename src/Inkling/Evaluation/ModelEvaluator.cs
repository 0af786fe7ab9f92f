using Inkling.Data;
using Inkling.Engine;
using Inkling.Preprocessing;

namespace Inkling.Evaluation;

/// <summary>Asks a model about labelled images.</summary>
public static class ModelEvaluator
{
    /// <summary>The model's scores of some images.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="normalization">Of the images it was trained on.</param>
    /// <param name="images">The images.</param>
    /// <param name="indices">Which of them; at least one.</param>
    /// <param name="team">Threads; their number changes nothing but the time.</param>
    public static LabelledLogits Ask(
        NetworkWeights weights, Normalization normalization, ImageSet images, ReadOnlyMemory<int> indices, WorkerTeam team)
    {
        int classes = weights.Network.Classes;
        float[] probabilities = new float[indices.Length * classes];
        float[] logits = new float[probabilities.Length];
        using var predictor = new Predictor(weights, team);
        predictor.Predict(new PreprocessedImages(images, normalization), indices, probabilities, logits);

        int[] labels = new int[indices.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = images.Labels[indices.Span[i]];
        }

        return new LabelledLogits(labels, logits, classes);
    }

    /// <summary>Every metric of the network's own probabilities over some images.</summary>
    /// <inheritdoc cref="Ask"/>
    public static ClassificationMetrics Evaluate(
        NetworkWeights weights, Normalization normalization, ImageSet images, ReadOnlyMemory<int> indices, WorkerTeam team) =>
        ClassificationMetrics.Compute(Ask(weights, normalization, images, indices, team), temperature: 1);

    /// <summary>Every metric over all images of a set, likewise.</summary>
    public static ClassificationMetrics Evaluate(
        NetworkWeights weights, Normalization normalization, ImageSet images, WorkerTeam team) =>
        Evaluate(weights, normalization, images, Enumerable.Range(0, images.Count).ToArray(), team);
}
