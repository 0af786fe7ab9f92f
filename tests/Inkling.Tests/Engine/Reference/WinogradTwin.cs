using Inkling.Engine;

namespace Inkling.Tests.Engine.Reference;

/// <summary>
/// 3×3 convolutions of stride 1 by Winograd's F(4×4, 3×3) on plain arrays, tile by tile in scalar arithmetic and in the order
/// that the kernels' remarks state; the bits must be theirs.
/// </summary>
internal static class WinogradTwin
{
    private const int Tile = 4;
    private const int Window = 6;
    private const float P = 0.625f;
    private const float Q = 1.5f;

    /// <summary>The rule by which a convolution is of this kind.</summary>
    internal static bool Applies(ConvolutionSpec spec, Shape output, bool planar) =>
        !planar && spec is { KernelSize: 3, Stride: 1, Padding: <= 2 }
        && 6 * Tiles(output.Height) * Tiles(output.Width) <= output.Height * output.Width;

    /// <summary>Per product, a chain from 0 over input channels; the bias last.</summary>
    internal static float[] Forward(int padding, Shape input, Shape output, int images, float[] x, float[] w, float[]? b)
    {
        float[][] filters = [.. Enumerable.Range(0, w.Length / 9).Select(f => Square(Filter, w[(f * 9)..(f * 9 + 9)], 3, Window))];
        float[] y = new float[images * output.Count];
        EachTile(images, output, (n, top, left) =>
        {
            float[][] windows = [.. Enumerable.Range(0, input.Channels).Select(
                ic => WindowAt(x, input, n, ic, top - padding, left - padding))];
            for (int oc = 0; oc < output.Channels; oc++)
            {
                float[] products = new float[Window * Window];
                for (int ic = 0; ic < input.Channels; ic++)
                {
                    AddProducts(products, windows[ic], filters[oc * input.Channels + ic]);
                }

                float[] outputs = Square(Output, products, Window, Tile);
                for (int i = 0; i < outputs.Length; i++)
                {
                    int h = top + i / Tile;
                    int column = left + i % Tile;
                    if (h < output.Height && column < output.Width)
                    {
                        y[((n * output.Channels + oc) * output.Height + h) * output.Width + column] = outputs[i] + (b?[oc] ?? 0);
                    }
                }
            }
        });
        return y;
    }

    /// <summary>A convolution of the output's gradient with filters that are transposed and turned by half a circle.</summary>
    internal static float[] InputGradient(int padding, Shape input, Shape output, int images, float[] gradOutput, float[] w)
    {
        float[] turned = new float[w.Length];
        ConvolutionTwin.Each(output.Channels, new Shape(input.Channels, 3, 3), (oc, ic, kh, kw, index) =>
            turned[((ic * output.Channels + oc) * 3 + 2 - kh) * 3 + 2 - kw] = w[index]);
        return Forward(2 - padding, output, input, images, gradOutput, turned, b: null);
    }

    /// <summary>Per position, a chain from 0 over image, tile row, tile column; transformed back at the end.</summary>
    internal static float[] WeightGradient(int padding, Shape input, Shape output, int images, float[] x, float[] gradOutput)
    {
        var windows = new List<float[]>();
        var gradients = new List<float[]>();
        EachTile(images, output, (n, top, left) =>
        {
            windows.AddRange(Enumerable.Range(0, input.Channels).Select(ic => WindowAt(x, input, n, ic, top - padding, left - padding)));
            gradients.AddRange(Enumerable.Range(0, output.Channels).Select(oc => Square(
                OutputGradient, Cut(gradOutput, output, n, oc, top, left, Tile), Tile, Window)));
        });
        var gradWeight = new List<float>();
        for (int filter = 0; filter < output.Channels * input.Channels; filter++)
        {
            (int oc, int ic) = Math.DivRem(filter, input.Channels);
            float[] sums = new float[Window * Window];
            for (int tile = 0; tile < windows.Count / input.Channels; tile++)
            {
                AddProducts(sums, windows[tile * input.Channels + ic], gradients[tile * output.Channels + oc]);
            }

            gradWeight.AddRange(Square(FilterGradient, sums, Window, 3));
        }

        return [.. gradWeight];
    }

    internal static int Tiles(int size) => (size + Tile - 1) / Tile;

    private static void EachTile(int images, Shape output, Action<int, int, int> visit) =>
        ConvolutionTwin.Each(images, new Shape(1, Tiles(output.Height), Tiles(output.Width)), (n, _, row, column, _) =>
            visit(n, row * Tile, column * Tile));

    private static float[] WindowAt(float[] x, Shape shape, int n, int c, int top, int left) =>
        Square(Input, Cut(x, shape, n, c, top, left, Window), Window, Window);

    /// <summary>A square of a map; zeros beyond it.</summary>
    private static float[] Cut(float[] x, Shape shape, int n, int c, int top, int left, int size) =>
        [.. Enumerable.Range(0, size * size).Select(i => ConvolutionTwin.At(x, shape, n, c, top + i / size, left + i % size))];

    private static void AddProducts(float[] sums, float[] a, float[] b)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = MathF.FusedMultiplyAdd(a[i], b[i], sums[i]);
        }
    }

    /// <summary>A transform of every column, then of every row.</summary>
    private static float[] Square(Func<float[], float[]> axis, float[] x, int inputs, int outputs)
    {
        float[][] columns = [.. Enumerable.Range(0, inputs).Select(column =>
            axis([.. Enumerable.Range(0, inputs).Select(row => x[row * inputs + column])]))];
        return [.. Enumerable.Range(0, outputs).SelectMany(row => axis([.. columns.Select(column => column[row])]))];
    }

    private static float[] Input(float[] x)
    {
        float evenP = Fma(-Q * Q, x[2], x[4]);
        float oddP = Fma(-Q * Q, x[1], x[3]);
        float evenQ = Fma(-P * P, x[2], x[4]);
        float oddQ = Fma(-P * P, x[1], x[3]);
        return
        [
            Fma(P * P * Q * Q, x[0], Fma(-(P * P + Q * Q), x[2], x[4])),
            Fma(P, oddP, evenP), Fma(-P, oddP, evenP), Fma(Q, oddQ, evenQ), Fma(-Q, oddQ, evenQ),
            Fma(P * P * Q * Q, x[1], Fma(-(P * P + Q * Q), x[3], x[5])),
        ];
    }

    private static float[] Filter(float[] g)
    {
        float evenP = DenominatorP * Fma(P * P, g[2], g[0]);
        float oddP = DenominatorP * g[1];
        float evenQ = DenominatorQ * Fma(Q * Q, g[2], g[0]);
        float oddQ = DenominatorQ * g[1];
        return [Denominator0 * g[0], Fma(P, oddP, evenP), Fma(-P, oddP, evenP), Fma(Q, oddQ, evenQ), Fma(-Q, oddQ, evenQ), g[2]];
    }

    private static float[] Output(float[] m)
    {
        float sumP = m[1] + m[2], differenceP = m[1] - m[2], sumQ = m[3] + m[4], differenceQ = m[3] - m[4];
        return
        [
            m[0] + sumP + sumQ,
            Fma(Q, differenceQ, P * differenceP),
            Fma(Q * Q, sumQ, P * P * sumP),
            Fma(Q * Q * Q, differenceQ, Fma(P * P * P, differenceP, m[5])),
        ];
    }

    private static float[] OutputGradient(float[] y)
    {
        float evenP = Fma(P * P, y[2], y[0]);
        float oddP = Fma(P * P, y[3], y[1]);
        float evenQ = Fma(Q * Q, y[2], y[0]);
        float oddQ = Fma(Q * Q, y[3], y[1]);
        return [y[0], Fma(P, oddP, evenP), Fma(-P, oddP, evenP), Fma(Q, oddQ, evenQ), Fma(-Q, oddQ, evenQ), y[3]];
    }

    private static float[] FilterGradient(float[] u)
    {
        float sumP = DenominatorP * (u[1] + u[2]), differenceP = DenominatorP * (u[1] - u[2]);
        float sumQ = DenominatorQ * (u[3] + u[4]), differenceQ = DenominatorQ * (u[3] - u[4]);
        return
        [
            Fma(Denominator0, u[0], sumP + sumQ),
            Fma(Q, differenceQ, P * differenceP),
            Fma(Q * Q, sumQ, Fma(P * P, sumP, u[5])),
        ];
    }

    // Lagrange's denominators of the points 0, ±P, ±Q: products of the differences to the other points.
    private static float Denominator0 => (float)(1.0 / (P * P * (double)(Q * Q)));

    private static float DenominatorP => (float)(1.0 / (P * (P + P) * (double)((P - Q) * (P + Q))));

    private static float DenominatorQ => (float)(1.0 / (Q * (Q + Q) * (double)((Q - P) * (Q + P))));

    private static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
}
