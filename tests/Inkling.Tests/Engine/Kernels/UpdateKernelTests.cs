using Inkling.Engine;
using Inkling.Tests.Engine.Support;

namespace Inkling.Tests.Engine.Kernels;

/// <summary>Each update against its formula in plain scalar code, on a range inside a longer array that must stay as it is.</summary>
public sealed unsafe class UpdateKernelTests
{
    private const int Length = 96;
    private const int Start = 16;
    private const int End = 80;

    private static readonly float[] Weights = Numbers.Uniform(seed: 41, Length, -1, 1);
    private static readonly float[] Gradient = Numbers.Uniform(seed: 42, Length, -1, 1);
    private static readonly float[] First = Numbers.Uniform(seed: 43, Length, -1, 1);
    private static readonly float[] Second = Numbers.Uniform(seed: 44, Length, 0, 1);

    [Theory]
    [InlineData(true, 0.9f, 0.01f)]
    [InlineData(false, 0.9f, 0f)]
    [InlineData(false, 0f, 0.1f)]
    public void Sgd_AnySetting_GivesTheFormulasBits(bool nesterov, float momentum, float weightDecay)
    {
        const float Rate = 0.05f;
        float[] w = [.. Weights];
        float[] v = [.. First];
        for (int i = Start; i < End; i++)
        {
            v[i] = MathF.FusedMultiplyAdd(momentum, v[i], Gradient[i]);
            float direction = nesterov ? MathF.FusedMultiplyAdd(momentum, v[i], Gradient[i]) : v[i];
            w[i] = MathF.FusedMultiplyAdd(-Rate, direction, w[i] * (1 - Rate * weightDecay));
        }

        foreach (Simd simd in Numbers.SimdLevels)
        {
            using FloatBuffer actualW = Buffer(Weights), g = Buffer(Gradient), actualV = Buffer(First);

            KernelSet.For(simd).Run(new SgdUpdate(actualW.Data, g.Data, actualV.Data, Start, End, Rate, momentum, nesterov, weightDecay));

            Numbers.AssertSameBits(w, actualW.Span, $"{simd} w");
            Numbers.AssertSameBits(v, actualV.Span, $"{simd} v");
        }
    }

    [Fact]
    public void MomentumAndStep_GiveTheFormulasBits()
    {
        const float Momentum = 0.9f, Rate = 0.05f, Keep = 0.99f;
        float[] w = [.. Weights];
        float[] v = [.. First];
        float[] direction = [.. Second];
        for (int i = Start; i < End; i++)
        {
            v[i] = MathF.FusedMultiplyAdd(Momentum, v[i], Gradient[i]);
            direction[i] = MathF.FusedMultiplyAdd(Momentum, v[i], Gradient[i]);
            w[i] = MathF.FusedMultiplyAdd(-Rate, direction[i], w[i] * Keep);
        }

        foreach (Simd simd in Numbers.SimdLevels)
        {
            using FloatBuffer actualW = Buffer(Weights), g = Buffer(Gradient), actualV = Buffer(First), actualDirection = Buffer(Second);

            KernelSet.For(simd).Run(new MomentumUpdate(g.Data, actualV.Data, actualDirection.Data, Start, End, Momentum));
            KernelSet.For(simd).Run(new DirectionStep(actualW.Data, actualDirection.Data, Start, End, Rate, Keep));

            Numbers.AssertSameBits(w, actualW.Span, $"{simd} w");
            Numbers.AssertSameBits(v, actualV.Span, $"{simd} v");
            Numbers.AssertSameBits(direction, actualDirection.Span, $"{simd} direction");
        }
    }

    [Fact]
    public void AdamW_OneStep_GivesTheFormulasBits()
    {
        var c = new AdamWConstants(0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.271f, 0.002997f);
        float[] w = [.. Weights];
        float[] m = [.. First];
        float[] s = [.. Second];
        for (int i = Start; i < End; i++)
        {
            m[i] = MathF.FusedMultiplyAdd(c.Beta1, m[i], (1 - c.Beta1) * Gradient[i]);
            s[i] = MathF.FusedMultiplyAdd(c.Beta2, s[i], (1 - c.Beta2) * Gradient[i] * Gradient[i]);
            float direction = m[i] / c.Correction1 / (MathF.Sqrt(s[i] / c.Correction2) + c.Epsilon);
            w[i] = MathF.FusedMultiplyAdd(-c.LearningRate, direction, w[i] * (1 - c.LearningRate * c.WeightDecay));
        }

        foreach (Simd simd in Numbers.SimdLevels)
        {
            using FloatBuffer actualW = Buffer(Weights), g = Buffer(Gradient), actualM = Buffer(First), actualS = Buffer(Second);

            KernelSet.For(simd).Run(new AdamWUpdate(actualW.Data, g.Data, actualM.Data, actualS.Data, Start, End, c));

            Numbers.AssertSameBits(w, actualW.Span, $"{simd} w");
            Numbers.AssertSameBits(m, actualM.Span, $"{simd} m");
            Numbers.AssertSameBits(s, actualS.Span, $"{simd} s");
        }
    }

    [Fact]
    public void Average_OfValues_GivesTheFormulasBits()
    {
        float[] average = [.. First];
        for (int i = Start; i < End; i++)
        {
            average[i] = MathF.FusedMultiplyAdd(0.1f, Weights[i] - average[i], average[i]);
        }

        foreach (Simd simd in Numbers.SimdLevels)
        {
            using FloatBuffer value = Buffer(Weights), actual = Buffer(First);

            KernelSet.For(simd).Run(new AverageUpdate(value.Data, actual.Data, Start, End, 0.1f));

            Numbers.AssertSameBits(average, actual.Span, $"{simd} average");
        }
    }

    [Fact]
    public void Sum_OfThree_AddsInIndexOrder()
    {
        // Magnitudes far apart, so that another order gives other bits.
        float[] large = [.. First.Select(value => value * 1e6f)];
        float[] sum = new float[Length];
        for (int i = Start; i < End; i++)
        {
            sum[i] = Weights[i] + large[i] + Gradient[i];
        }

        using FloatBuffer a = Buffer(Weights), b = Buffer(large), c = Buffer(Gradient);
        float** sources = stackalloc float*[] { a.Data, b.Data, c.Data };
        foreach (Simd simd in Numbers.SimdLevels)
        {
            using var actual = new FloatBuffer(Length);

            KernelSet.For(simd).Run(new GradientSum(sources, 3, actual.Data, Start, End));

            Numbers.AssertSameBits(sum, actual.Span, $"{simd} sum");
        }
    }

    private static FloatBuffer Buffer(float[] values)
    {
        var buffer = new FloatBuffer(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
    }
}
