using Inkling.Engine;

namespace Inkling.Tests.Engine.Reference;

/// <summary>
/// How far Winograd's F(4×4, 3×3) may be off: the same algorithm on magnitudes, in double precision and from the definition
/// of its matrices, times the roundings that a value passes through.
/// </summary>
/// <remarks>
/// An input passes two axes of at most 2 roundings, a filter two of at most 4 (a rounded constant among them), products and
/// outputs two of at most 4; the gradients' transforms have no more. With a chain of n that is n + 20 at most, and every
/// rounding changes a term by at most u = 2⁻²⁴ of its magnitude (Higham 2002, §3.1).
/// </remarks>
internal static class WinogradBound
{
    private const int Roundings = 20;

    private static readonly double[] Points = [0, 0.625, -0.625, 1.5, -1.5];

    /// <summary>Aᵀ: powers of the points.</summary>
    private static readonly double[,] Output = Matrix(4, 6, (row, column) =>
        column == 5 ? (row == 3 ? 1 : 0) : Power(Points[column], row));

    /// <summary>G: powers of the points over Lagrange's denominators.</summary>
    private static readonly double[,] Filter = Matrix(6, 3, (row, column) =>
        row == 5 ? (column == 2 ? 1 : 0) : Power(Points[row], column) / Others(Points[row]).Aggregate(
            1.0, (d, other) => d * (Points[row] - other)));

    /// <summary>Bᵀ: coefficients of Lagrange's numerators, and of ∏ (x − point) in the last row.</summary>
    private static readonly double[,] Input = Matrix(6, 6, (row, column) =>
        Polynomial(row == 5 ? Points : Others(Points[row])).ElementAtOrDefault(column));

    /// <summary>|Aᵀ| [Σ (|G|·|g|·|G|ᵀ) ⊙ (|Bᵀ|·|d|·|B|)] |A| at every output.</summary>
    internal static double[] Forward(int padding, Shape input, Shape output, int images, float[] x, float[] w, float[]? b)
    {
        double[][] filters = [.. Enumerable.Range(0, w.Length / 9).Select(f => Square(Filter, i => w[f * 9 + i]))];
        double[] bound = new double[images * output.Count];
        EachTile(images, output, (n, top, left) =>
        {
            double[][] windows = [.. Enumerable.Range(0, input.Channels).Select(ic =>
                Square(Input, i => ConvolutionTwin.At(x, input, n, ic, top - padding + i / 6, left - padding + i % 6)))];
            for (int oc = 0; oc < output.Channels; oc++)
            {
                double[] products = new double[36];
                for (int ic = 0; ic < input.Channels; ic++)
                {
                    AddProducts(products, windows[ic], filters[oc * input.Channels + ic]);
                }

                double[] outputs = Square(Output, i => products[i]);
                for (int i = 0; i < outputs.Length; i++)
                {
                    int h = top + i / 4;
                    int column = left + i % 4;
                    if (h < output.Height && column < output.Width)
                    {
                        bound[((n * output.Channels + oc) * output.Height + h) * output.Width + column] =
                            Of(input.Channels, outputs[i] + Math.Abs(b?[oc] ?? 0));
                    }
                }
            }
        });
        return bound;
    }

    internal static double[] InputGradient(int padding, Shape input, Shape output, int images, float[] gradOutput, float[] w)
    {
        float[] turned = new float[w.Length];
        ConvolutionTwin.Each(output.Channels, new Shape(input.Channels, 3, 3), (oc, ic, kh, kw, index) =>
            turned[((ic * output.Channels + oc) * 3 + 2 - kh) * 3 + 2 - kw] = w[index]);
        return Forward(2 - padding, output, input, images, gradOutput, turned, b: null);
    }

    /// <summary>|Gᵀ| [Σ (|Bᵀ|·|d|·|B|) ⊙ (|A|·|∂y|·|Aᵀ|)] |G| at every filter element.</summary>
    internal static double[] WeightGradient(int padding, Shape input, Shape output, int images, float[] x, float[] gradOutput)
    {
        double[][] sums = [.. Enumerable.Range(0, output.Channels * input.Channels).Select(_ => new double[36])];
        int tiles = 0;
        EachTile(images, output, (n, top, left) =>
        {
            tiles++;
            double[][] windows = [.. Enumerable.Range(0, input.Channels).Select(ic =>
                Square(Input, i => ConvolutionTwin.At(x, input, n, ic, top - padding + i / 6, left - padding + i % 6)))];
            double[][] gradients = [.. Enumerable.Range(0, output.Channels).Select(oc =>
                Square(Transposed(Output), i => ConvolutionTwin.At(gradOutput, output, n, oc, top + i / 4, left + i % 4)))];
            for (int filter = 0; filter < sums.Length; filter++)
            {
                AddProducts(sums[filter], windows[filter % input.Channels], gradients[filter / input.Channels]);
            }
        });
        return [.. sums.SelectMany(sum => Square(Transposed(Filter), i => sum[i])).Select(magnitude => Of(tiles, magnitude))];
    }

    private static double Of(int chain, double magnitude) => (chain + Roundings) / 16777216.0 * 1.01 * magnitude + float.Epsilon;

    private static void EachTile(int images, Shape output, Action<int, int, int> visit) =>
        ConvolutionTwin.Each(images, new Shape(1, WinogradTwin.Tiles(output.Height), WinogradTwin.Tiles(output.Width)),
            (n, _, row, column, _) =>
            visit(n, row * 4, column * 4));

    private static void AddProducts(double[] sums, double[] a, double[] b)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += a[i] * b[i];
        }
    }

    /// <summary>|M|·|X|·|M|ᵀ.</summary>
    private static double[] Square(double[,] m, Func<int, double> x)
    {
        int outputs = m.GetLength(0);
        int inputs = m.GetLength(1);
        double[] y = new double[outputs * outputs];
        for (int row = 0; row < inputs; row++)
        {
            for (int column = 0; column < inputs; column++)
            {
                double magnitude = Math.Abs(x(row * inputs + column));
                for (int i = 0; i < y.Length; i++)
                {
                    y[i] += Math.Abs(m[i / outputs, row]) * magnitude * Math.Abs(m[i % outputs, column]);
                }
            }
        }

        return y;
    }

    private static double Power(double x, int exponent) => Enumerable.Repeat(x, exponent).Aggregate(1.0, (power, factor) => power * factor);

    private static double[] Others(double point) => [.. Points.Where(other => other != point)];

    /// <summary>Coefficients of ∏ (x − root), lowest power first.</summary>
    private static double[] Polynomial(double[] roots) => roots.Aggregate((double[])[1], (p, root) =>
        [.. Enumerable.Range(0, p.Length + 1).Select(i => (i > 0 ? p[i - 1] : 0) - (i < p.Length ? root * p[i] : 0))]);

    private static double[,] Transposed(double[,] m) => Matrix(m.GetLength(1), m.GetLength(0), (row, column) => m[column, row]);

    private static double[,] Matrix(int rows, int columns, Func<int, int, double> value)
    {
        double[,] m = new double[rows, columns];
        for (int i = 0; i < m.Length; i++)
        {
            m[i / columns, i % columns] = value(i / columns, i % columns);
        }

        return m;
    }
}
