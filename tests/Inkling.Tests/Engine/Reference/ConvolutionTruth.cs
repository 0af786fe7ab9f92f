using Inkling.Engine;

namespace Inkling.Tests.Engine.Reference;

/// <summary>A sum in double precision, the sum of its terms' magnitudes and their number: what an error bound needs.</summary>
internal struct BoundedSum
{
    internal double Sum;
    internal double Magnitude;
    internal int Terms;

    internal void Add(double term)
    {
        Sum += term;
        Magnitude += Math.Abs(term);
        Terms++;
    }

    /// <summary>
    /// A chain of n single-precision fused multiply-adds errs by at most n·u/(1 − n·u)·Σ|aᵢ·bᵢ| with u = 2⁻²⁴
    /// (Higham 2002, lemma 8.4; rounded up).
    /// </summary>
    internal readonly double Bound => Terms / 16777216.0 * 1.01 * Magnitude + float.Epsilon;
}

/// <summary>The definition of a convolution and of its gradients by scattering every product, in double precision.</summary>
internal static class ConvolutionTruth
{
    internal static (BoundedSum[] Output, BoundedSum[] GradInput, BoundedSum[] GradWeight, BoundedSum[] GradBias) Compute(
        ConvolutionSpec spec, Shape input, Shape output, int images, float[] x, float[] w, float[]? b, float[] gradOutput)
    {
        int k = spec.KernelSize;
        var y = new BoundedSum[gradOutput.Length];
        var gradInput = new BoundedSum[x.Length];
        var gradWeight = new BoundedSum[w.Length];
        var gradBias = new BoundedSum[output.Channels];
        ConvolutionTwin.Each(images, output, (n, oc, oh, ow, o) =>
        {
            y[o].Add(b?[oc] ?? 0);
            gradBias[oc].Add(gradOutput[o]);
            for (int ic = 0; ic < input.Channels; ic++)
            {
                for (int kh = 0; kh < k; kh++)
                {
                    int h = oh * spec.Stride - spec.Padding + kh;
                    for (int kw = 0; kw < k; kw++)
                    {
                        int column = ow * spec.Stride - spec.Padding + kw;
                        if (h < 0 || h >= input.Height || column < 0 || column >= input.Width)
                        {
                            continue;
                        }

                        int i = ((n * input.Channels + ic) * input.Height + h) * input.Width + column;
                        int f = ((oc * input.Channels + ic) * k + kh) * k + kw;
                        y[o].Add((double)x[i] * w[f]);
                        gradInput[i].Add((double)gradOutput[o] * w[f]);
                        gradWeight[f].Add((double)gradOutput[o] * x[i]);
                    }
                }
            }
        });
        return (y, gradInput, gradWeight, gradBias);
    }

    /// <param name="truth">Sums.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="what">For the message.</param>
    /// <param name="bounds">Bounds of an algorithm other than a chain; null for the chain's.</param>
    internal static void AssertWithinBound(BoundedSum[] truth, float[] actual, string what, double[]? bounds = null)
    {
        for (int i = 0; i < truth.Length; i++)
        {
            double bound = bounds?[i] ?? truth[i].Bound;
            Assert.True(
                Math.Abs(actual[i] - truth[i].Sum) <= bound,
                $"{what}[{i}]: expected {truth[i].Sum:R} ± {bound:R}, got {actual[i]:R}");
        }
    }
}
