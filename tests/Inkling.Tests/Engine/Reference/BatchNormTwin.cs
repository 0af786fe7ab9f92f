using Inkling.Engine;

namespace Inkling.Tests.Engine.Reference;

/// <summary>Sums over pixels and batch norm in plain scalar code, in the kernels' stated order.</summary>
internal static class BatchNormTwin
{
    /// <summary>Four chains, pixel column w in chain w mod 4, over image then row; they fold as (0+1)+(2+3).</summary>
    internal static float PixelSum(Shape shape, int images, int channel, Func<float, int, float> add)
    {
        float[] chains = new float[4];
        for (int n = 0; n < images; n++)
        {
            for (int h = 0; h < shape.Height; h++)
            {
                for (int w = 0; w < shape.Width; w++)
                {
                    int index = ((n * shape.Channels + channel) * shape.Height + h) * shape.Width + w;
                    chains[w % 4] = add(chains[w % 4], index);
                }
            }
        }

        return chains[0] + chains[1] + (chains[2] + chains[3]);
    }

    internal static float[] BiasGradient(Shape shape, int images, float[] gradOutput) =>
        [.. Enumerable.Range(0, shape.Channels).Select(c => PixelSum(shape, images, c, (sum, i) => sum + gradOutput[i]))];

    /// <summary>One channel of one chunk in training: forward, statistics, backward.</summary>
    internal sealed class Channel(Shape shape, int images, int channel, bool relu)
    {
        private readonly float _pixels = images * shape.Height * shape.Width;
        private float _inverse;
        private float _scale;
        private float _shift;

        internal float Mean { get; private set; }

        internal float UnbiasedVariance { get; private set; }

        internal float GradGamma { get; private set; }

        internal float GradBeta { get; private set; }

        internal void Forward(float[] x, float gamma, float beta, float epsilon, float[] y)
        {
            Mean = PixelSum(shape, images, channel, (sum, i) => sum + x[i]) / _pixels;
            float squares = PixelSum(shape, images, channel, (sum, i) => MathF.FusedMultiplyAdd(x[i] - Mean, x[i] - Mean, sum));
            UnbiasedVariance = squares / Math.Max(_pixels - 1, 1);
            Affine(x, squares / _pixels, Mean, gamma, beta, epsilon, y);
        }

        internal void Inference(float[] x, float mean, float variance, float gamma, float beta, float epsilon, float[] y) =>
            Affine(x, variance, mean, gamma, beta, epsilon, y);

        internal void Backward(float[] x, float[] gradOutput, float[] gradInput)
        {
            float Masked(int i) =>
                relu && !(MathF.FusedMultiplyAdd(x[i], _scale, _shift) > 0) ? 0 : gradOutput[i];

            GradBeta = PixelSum(shape, images, channel, (sum, i) => sum + Masked(i));
            GradGamma = PixelSum(shape, images, channel, (sum, i) => MathF.FusedMultiplyAdd(Masked(i), x[i] - Mean, sum)) * _inverse;
            float offset = 0 - _scale * GradBeta / _pixels;
            float slope = 0 - _scale * _inverse * GradGamma / _pixels;
            ForEach(i => gradInput[i] = MathF.FusedMultiplyAdd(
                _scale, Masked(i), MathF.FusedMultiplyAdd(slope, x[i] - Mean, offset)));
        }

        private void Affine(float[] x, float variance, float mean, float gamma, float beta, float epsilon, float[] y)
        {
            _inverse = 1 / MathF.Sqrt(variance + epsilon);
            _scale = gamma * _inverse;
            _shift = beta - mean * _scale;
            ForEach(i =>
            {
                float value = MathF.FusedMultiplyAdd(x[i], _scale, _shift);
                y[i] = relu && value < 0 ? 0 : value;
            });
        }

        private void ForEach(Action<int> visit)
        {
            int pixels = shape.Height * shape.Width;
            for (int n = 0; n < images; n++)
            {
                for (int p = 0; p < pixels; p++)
                {
                    visit((n * shape.Channels + channel) * pixels + p);
                }
            }
        }
    }
}
