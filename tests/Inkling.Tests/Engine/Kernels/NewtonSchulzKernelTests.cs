using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Kernels;

/// <summary>
/// Each product against chains of fused multiply-adds written out over plain rows and columns, whatever registers are used.
/// </summary>
public sealed unsafe class NewtonSchulzKernelTests
{
    private const int Lanes = 16;

    private static readonly NewtonSchulzCoefficients Coefficients = new(3.4445f, -4.775f, 2.0315f);

    [Theory]
    [InlineData(1, 9)]
    [InlineData(2, 16)]
    [InlineData(3, 37)]
    public void Steps_AnyShape_GiveTheScalarTwinsBits(int blocks, int length)
    {
        int rows = blocks * Lanes;
        float[] x = Numbers.Uniform(seed: 51, rows * length, -0.1, 0.1);
        float[] gram = Product(rows, rows, length, (i, k) => x[Packed(i, k, length)], (k, j) => x[Packed(j, k, length)]);
        float[] polynomial = Product(rows, rows, rows, (i, k) => gram[Packed(i, k, rows)], (k, j) => gram[Packed(j, k, rows)]);
        for (int i = 0; i < polynomial.Length; i++)
        {
            polynomial[i] = MathF.FusedMultiplyAdd(Coefficients.Quadratic, polynomial[i], Coefficients.Linear * gram[i]);
        }

        for (int i = 0; i < rows; i++)
        {
            polynomial[Packed(i, i, rows)] += Coefficients.Constant;
        }

        float[] half = Mirrored(
            Product(rows, rows, rows, (i, k) => polynomial[Packed(i, k, rows)], (k, j) => gram[Packed(j, k, rows)]), rows);
        float[] result = Product(length, rows, rows, (k, i) => x[Packed(i, k, length)], (i, j) => half[Packed(j, i, rows)]);

        foreach (Simd simd in Numbers.SimdLevels)
        {
            KernelSet kernels = KernelSet.For(simd);
            using FloatBuffer actualX = new(x.Length), actualGram = new(gram.Length), actualPolynomial = new(gram.Length);
            using FloatBuffer actualHalf = new(gram.Length), actualResult = new(x.Length);
            x.CopyTo(actualX.Span);

            ForEachBlock(block => kernels.Run(
                new NewtonSchulzProduct(actualX.Data, actualX.Data, blocks, length, block, actualGram.Data)));
            ForEachBlock(block => kernels.Run(
                new NewtonSchulzPolynomial(actualGram.Data, blocks, block, Coefficients, actualPolynomial.Data)));
            ForEachBlock(block => kernels.Run(
                new NewtonSchulzProduct(actualPolynomial.Data, actualGram.Data, blocks, rows, block, actualHalf.Data)));
            ForEachBlock(block => kernels.Run(
                new NewtonSchulzApply(actualHalf.Data, actualX.Data, blocks, length, block, actualResult.Data)));

            Numbers.AssertSameBits(gram, actualGram.Span, $"{simd} gram");
            Numbers.AssertSameBits(polynomial, actualPolynomial.Span, $"{simd} polynomial");
            Numbers.AssertSameBits(half, actualHalf.Span, $"{simd} half of the next gram");
            Numbers.AssertSameBits(result, actualResult.Span, $"{simd} result");
        }

        // From the last to the first, since their order must not matter.
        void ForEachBlock(Action<int> work)
        {
            for (int block = blocks - 1; block >= 0; block--)
            {
                work(block);
            }
        }
    }

    /// <summary>Where row <paramref name="channel"/> of a matrix keeps a column, with rows of that length.</summary>
    private static int Packed(int channel, int column, int length) =>
        (channel / Lanes * length + column) * Lanes + channel % Lanes;

    /// <summary>Element [i, j] = Σ a[i, k]·b[k, j], one chain over k from 0; kept as column i of row j.</summary>
    private static float[] Product(int rows, int columns, int inner, Func<int, int, float> a, Func<int, int, float> b)
    {
        float[] product = new float[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float sum = 0;
                for (int k = 0; k < inner; k++)
                {
                    sum = MathF.FusedMultiplyAdd(a(i, k), b(k, j), sum);
                }

                product[Packed(j, i, rows)] = sum;
            }
        }

        return product;
    }

    /// <summary>
    /// A product of symmetric matrices, which rounding leaves unsymmetric, with its elements [i, j], i ≤ j, in both places.
    /// </summary>
    private static float[] Mirrored(float[] matrix, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = i + 1; j < rows; j++)
            {
                matrix[Packed(i, j, rows)] = matrix[Packed(j, i, rows)];
            }
        }

        return matrix;
    }
}
