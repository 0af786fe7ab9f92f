using Inkling.Engine;

namespace Inkling.Tests.Engine.Reference;

/// <summary>
/// Convolution and its gradients as plain loops over [N, C, H, W] and [OC, IC, K, K], one chain of fused multiply-adds an
/// output in the order that the kernels' remarks state; the bits must be theirs.
/// </summary>
internal static class ConvolutionTwin
{
    private const int BlockLanes = 16;

    /// <summary>Chain from the bias (or 0) over input block, kernel row, kernel column, lane.</summary>
    internal static float[] Forward(
        ConvolutionSpec spec, Shape input, Shape output, int images, int lanes, float[] x, float[] w, float[]? b)
    {
        int k = spec.KernelSize;
        float[] y = new float[images * output.Count];
        Each(images, output, (n, oc, oh, ow, index) =>
        {
            float sum = b?[oc] ?? 0;
            for (int block = 0; block < input.Channels; block += lanes)
            {
                for (int kh = 0; kh < k; kh++)
                {
                    for (int kw = 0; kw < k; kw++)
                    {
                        for (int ic = block; ic < Math.Min(block + lanes, input.Channels); ic++)
                        {
                            float value = At(x, input, n, ic, oh * spec.Stride + kh - spec.Padding, ow * spec.Stride + kw - spec.Padding);
                            sum = MathF.FusedMultiplyAdd(value, w[((oc * input.Channels + ic) * k + kh) * k + kw], sum);
                        }
                    }
                }
            }

            y[index] = sum;
        });
        return y;
    }

    /// <summary>Chain from 0 over output block, output row, output column, lane.</summary>
    internal static float[] InputGradient(ConvolutionSpec spec, Shape input, Shape output, int images, float[] gradOutput, float[] w)
    {
        int k = spec.KernelSize;
        float[] gradInput = new float[images * input.Count];
        Each(images, input, (n, ic, h, column, index) =>
        {
            float sum = 0;
            for (int block = 0; block < output.Channels; block += BlockLanes)
            {
                for (int oh = 0; oh < output.Height; oh++)
                {
                    int kh = h + spec.Padding - oh * spec.Stride;
                    if (kh < 0 || kh >= k)
                    {
                        continue;
                    }

                    for (int ow = 0; ow < output.Width; ow++)
                    {
                        int kw = column + spec.Padding - ow * spec.Stride;
                        for (int oc = block; kw >= 0 && kw < k && oc < Math.Min(block + BlockLanes, output.Channels); oc++)
                        {
                            float filter = w[((oc * input.Channels + ic) * k + kh) * k + kw];
                            sum = MathF.FusedMultiplyAdd(At(gradOutput, output, n, oc, oh, ow), filter, sum);
                        }
                    }
                }
            }

            gradInput[index] = sum;
        });
        return gradInput;
    }

    /// <summary>Chain from 0 over image, output row, output column.</summary>
    internal static float[] WeightGradient(ConvolutionSpec spec, Shape input, Shape output, int images, float[] x, float[] gradOutput)
    {
        int k = spec.KernelSize;
        float[] gradWeight = new float[output.Channels * input.Channels * k * k];
        Each(output.Channels, new Shape(input.Channels, k, k), (oc, ic, kh, kw, index) =>
        {
            float sum = 0;
            for (int n = 0; n < images; n++)
            {
                for (int oh = 0; oh < output.Height; oh++)
                {
                    for (int ow = 0; ow < output.Width; ow++)
                    {
                        float value = At(x, input, n, ic, oh * spec.Stride + kh - spec.Padding, ow * spec.Stride + kw - spec.Padding);
                        sum = MathF.FusedMultiplyAdd(value, At(gradOutput, output, n, oc, oh, ow), sum);
                    }
                }
            }

            gradWeight[index] = sum;
        });
        return gradWeight;
    }

    internal static float At(float[] values, Shape shape, int n, int c, int h, int w) =>
        h < 0 || h >= shape.Height || w < 0 || w >= shape.Width
            ? 0
            : values[((n * shape.Channels + c) * shape.Height + h) * shape.Width + w];

    internal static void Each(int images, Shape shape, Action<int, int, int, int, int> visit)
    {
        int index = 0;
        for (int n = 0; n < images; n++)
        {
            for (int c = 0; c < shape.Channels; c++)
            {
                for (int h = 0; h < shape.Height; h++)
                {
                    for (int w = 0; w < shape.Width; w++)
                    {
                        visit(n, c, h, w, index++);
                    }
                }
            }
        }
    }
}
