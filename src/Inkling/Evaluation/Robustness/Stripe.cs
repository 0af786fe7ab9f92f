using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>Half a negative: x ← 1 − x in the left and the right quarter of the columns.</summary>
internal sealed record Stripe() : ImageCorruption("stripe", null)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random)
    {
        for (int i = 0; i < image.Length; i++)
        {
            int x = i % shape.Width;
            image[i] = 4 * x < shape.Width || 4 * x >= 3 * shape.Width ? 1 - image[i] : image[i];
        }
    }
}
