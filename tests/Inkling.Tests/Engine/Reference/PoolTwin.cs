using Inkling.Engine;

namespace Inkling.Tests.Engine.Reference;

/// <summary>Pooling in plain scalar code.</summary>
internal sealed class PoolTwin(Shape input, Shape output, int images, int windowHeight, int windowWidth, int stride, int padding)
{
    /// <summary>Of equal values the first in row order wins.</summary>
    internal (float[] Output, int[] Winners) Max(float[] x)
    {
        float[] y = new float[images * output.Count];
        int[] winners = new int[y.Length];
        Each((index, window) =>
        {
            winners[index] = window.Aggregate((best, candidate) => x[candidate] > x[best] ? candidate : best);
            y[index] = x[winners[index]];
        });
        return (y, winners);
    }

    /// <summary>Gradients of windows that share a winner add in row order.</summary>
    internal float[] MaxBackward(float[] gradOutput, int[] winners)
    {
        float[] gradInput = new float[images * input.Count];
        for (int i = 0; i < gradOutput.Length; i++)
        {
            gradInput[winners[i]] += gradOutput[i];
        }

        return gradInput;
    }

    /// <summary>One chain in row order, then times the reciprocal of the window's size, padding included.</summary>
    internal float[] Average(float[] x)
    {
        float[] y = new float[images * output.Count];
        Each((index, window) => y[index] = window.Aggregate(0f, (sum, i) => sum + x[i]) * (1f / (windowHeight * windowWidth)));
        return y;
    }

    internal float[] AverageBackward(float[] gradOutput)
    {
        float[] gradInput = new float[images * input.Count];
        Each((index, window) => window.ForEach(i => gradInput[i] += gradOutput[index] * (1f / (windowHeight * windowWidth))));
        return gradInput;
    }

    private void Each(Action<int, List<int>> visit) => ConvolutionTwin.Each(images, output, (n, c, oh, ow, index) =>
    {
        var window = new List<int>();
        for (int h = oh * stride - padding; h < oh * stride - padding + windowHeight; h++)
        {
            for (int w = ow * stride - padding; w < ow * stride - padding + windowWidth; w++)
            {
                if (h >= 0 && h < input.Height && w >= 0 && w < input.Width)
                {
                    window.Add(((n * input.Channels + c) * input.Height + h) * input.Width + w);
                }
            }
        }

        visit(index, window);
    });
}
