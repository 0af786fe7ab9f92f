using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>
/// A Gaussian blur, along columns and then along rows: weights ∝ exp(−k²/2σ²) over |k| ≤ ⌊4σ + ½⌋. Beyond an edge its pixel repeats, or, if
/// the
/// filter is bounded, there is nothing, and the weights inside are made to sum to 1.
/// </summary>
internal sealed class GaussianFilter
{
    private readonly double[] _weights;
    private readonly bool _isBounded;

    internal GaussianFilter(double deviation, bool isBounded = false)
    {
        _isBounded = isBounded;
        int radius = (int)(4 * deviation + 0.5);
        _weights = new double[2 * radius + 1];
        for (int k = -radius; k <= radius; k++)
        {
            _weights[k + radius] = k == 0 ? 1 : DeterministicMath.Exp(-(double)(k * k) / (2 * deviation * deviation));
        }

        double sum = _weights.Sum();
        for (int k = 0; k < _weights.Length; k++)
        {
            _weights[k] /= sum;
        }
    }

    /// <summary>Blurs each channel.</summary>
    internal void ApplyToPlanes(Span<double> image, Shape shape)
    {
        int plane = shape.Height * shape.Width;
        for (int start = 0; start < image.Length; start += plane)
        {
            Apply(image.Slice(start, plane), shape.Height, shape.Width);
        }
    }

    /// <summary>Blurs [height, width] in place.</summary>
    internal void Apply(Span<double> plane, int height, int width)
    {
        Span<double> line = new double[Math.Max(height, width)];
        for (int x = 0; x < width; x++)
        {
            ApplyToLine(plane[x..], height, width, line);
        }

        for (int y = 0; y < height; y++)
        {
            ApplyToLine(plane[(y * width)..], width, 1, line);
        }
    }

    private void ApplyToLine(Span<double> values, int count, int stride, Span<double> line)
    {
        int radius = _weights.Length / 2;
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            double weight = 0;
            for (int k = -radius; k <= radius; k++)
            {
                if (!_isBounded || (uint)(i + k) < (uint)count)
                {
                    sum += _weights[k + radius] * values[Math.Clamp(i + k, 0, count - 1) * stride];
                    weight += _weights[k + radius];
                }
            }

            line[i] = _isBounded ? sum / weight : sum;
        }

        for (int i = 0; i < count; i++)
        {
            values[i * stride] = line[i];
        }
    }
}
