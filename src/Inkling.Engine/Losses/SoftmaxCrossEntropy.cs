namespace Inkling.Engine;

/// <summary>
/// Softmax and cross-entropy with smoothed targets: q = (1 − s)·t + s/K, loss = −Σ q·ln p, ∂loss/∂logit = p − q.
/// </summary>
/// <param name="LabelSmoothing">s in [0, 1). Source: Szegedy et al. 2015, arXiv:1512.00567.</param>
/// <remarks>Computed in double precision from the largest logit down; sums run over classes in order.</remarks>
public readonly record struct SoftmaxCrossEntropy(double LabelSmoothing)
{
    /// <summary>Σ of the chunk's losses; writes the gradient of their mean over the batch.</summary>
    /// <param name="logits">[N, K].</param>
    /// <param name="targets">[N, K] t, each image's of sum 1; the label alone is a 1 among zeros.</param>
    /// <param name="batchSize">Images of the whole batch, by which gradients are divided.</param>
    /// <param name="gradLogits">[N, K], overwritten.</param>
    internal double Backward(Tensor logits, ReadOnlySpan<double> targets, int batchSize, Tensor gradLogits)
    {
        int classes = logits.Shape.Channels;
        double uniform = LabelSmoothing / classes;
        double total = 0;
        for (int image = 0; image < targets.Length / classes; image++)
        {
            (double max, double sum) = MaxAndSum(logits, image);
            double logSum = DeterministicMath.Log(sum) + max;
            for (int k = 0; k < classes; k++)
            {
                double target = uniform + (1 - LabelSmoothing) * targets[image * classes + k];
                double probability = DeterministicMath.Exp(logits[image, k, 0, 0] - max) / sum;
                total += target * (logSum - logits[image, k, 0, 0]);
                gradLogits[image, k, 0, 0] = (float)((probability - target) / batchSize);
            }
        }

        return total;
    }

    /// <summary>Softmax of one image's logits.</summary>
    internal static void Probabilities(Tensor logits, int image, Span<float> probabilities)
    {
        (double max, double sum) = MaxAndSum(logits, image);
        for (int k = 0; k < probabilities.Length; k++)
        {
            probabilities[k] = (float)(DeterministicMath.Exp(logits[image, k, 0, 0] - max) / sum);
        }
    }

    private static (double Max, double Sum) MaxAndSum(Tensor logits, int image)
    {
        double max = double.NegativeInfinity;
        for (int k = 0; k < logits.Shape.Channels; k++)
        {
            // Written so that NaN stays: a comparison with it is false.
            max = logits[image, k, 0, 0] <= max ? max : logits[image, k, 0, 0];
        }

        double sum = 0;
        for (int k = 0; k < logits.Shape.Channels; k++)
        {
            sum += DeterministicMath.Exp(logits[image, k, 0, 0] - max);
        }

        return (max, sum);
    }
}
