using System.Runtime.CompilerServices;
using Inkling.Engine.Memory;

namespace Inkling.Engine.Kernels;

/// <summary>
/// Batch normalisation of one chunk: y = γ·(x − mean)/√(variance + ε) + β per channel, optionally rectified, and its gradient.
/// </summary>
/// <remarks>
/// Order of sums: <see cref="PixelSum"/>. Mean first, then the squares of the differences: two passes, no cancellation.
/// Source: Ioffe and Szegedy 2015, arXiv:1502.03167.
/// </remarks>
internal static unsafe class BatchNormKernel
{
    /// <summary>Normalises with the chunk's own statistics and records them.</summary>
    /// <param name="c">Channel constants; mean, inverse deviation, scale and shift are written.</param>
    /// <param name="mean">[C] receives the chunk's mean.</param>
    /// <param name="variance">[C] receives the chunk's unbiased variance (biased where there is one pixel only).</param>
    internal static void ForwardTraining<TLanes>(
        Tensor x, Tensor y, int images, in BatchNormConstants c, float* gamma, float* beta, float epsilon, bool relu, float* mean, float* variance)
        where TLanes : struct, ILanes<TLanes>
    {
        float count = images * x.Shape.Height * x.Shape.Width;
        TLanes pixels = TLanes.Broadcast(count);
        TLanes unbiased = TLanes.Broadcast(Math.Max(count - 1, 1));
        for (int block = 0; block < x.Blocks; block++)
        {
            int lane = block * ILanes<TLanes>.Count;
            TLanes m = PixelSum.Of<TLanes, PixelSum.Value<TLanes>>(x, x, block, images, default) / pixels;
            TLanes squares = PixelSum.Of<TLanes, PixelSum.SquaredDifference<TLanes>>(x, x, block, images, m);
            TLanes inverse = TLanes.Broadcast(1) / TLanes.SquareRoot(squares / pixels + TLanes.Broadcast(epsilon));
            TLanes scale = TLanes.Load(gamma + lane) * inverse;
            TLanes shift = TLanes.Load(beta + lane) - m * scale;
            m.Store(mean + lane);
            (squares / unbiased).Store(variance + lane);
            m.Store(c.Mean + lane);
            inverse.Store(c.InverseDeviation + lane);
            scale.Store(c.Scale + lane);
            shift.Store(c.Shift + lane);
            Affine(x, y, block, images, scale, shift, relu);
        }
    }

    /// <summary>Scale and shift from running statistics.</summary>
    /// <param name="c">Scale and shift are written.</param>
    internal static void InferenceConstants<TLanes>(
        in BatchNormConstants c, int blocks, float* gamma, float* beta, float* mean, float* variance, float epsilon)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int lane = 0; lane < blocks * ILanes<TLanes>.Count; lane += ILanes<TLanes>.Count)
        {
            TLanes inverse = TLanes.Broadcast(1)
                / TLanes.SquareRoot(TLanes.Load(variance + lane) + TLanes.Broadcast(epsilon));
            TLanes scale = TLanes.Load(gamma + lane) * inverse;
            scale.Store(c.Scale + lane);
            (TLanes.Load(beta + lane) - TLanes.Load(mean + lane) * scale).Store(c.Shift + lane);
        }
    }

    /// <summary>Normalises with running statistics; where a convolution comes before, its epilogue does.</summary>
    internal static void ForwardInference<TLanes>(Tensor x, Tensor y, int images, Epilogue epilogue)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int block = 0; block < x.Blocks; block++)
        {
            foreach (PixelRow row in new PixelRows(x, y, y, images, block, block + 1))
            {
                new ReadOnlySpan<float>(row.A, (int)row.Length).CopyTo(new Span<float>(row.B, (int)row.Length));
                epilogue.Apply<TLanes>(block, row.B, (int)row.Length / Tensor.BlockLanes, Tensor.BlockLanes);
            }
        }
    }

    /// <summary>
    /// With x̂ the normalised input, M pixels and g the gradient (zero where the output was rectified):
    /// ∂β = Σg, ∂γ = Σg·x̂, ∂x = γ/√(variance + ε) · (g − ∂β/M − x̂·∂γ/M).
    /// </summary>
    /// <param name="gradient">Gradient of the output going in, of the input coming out.</param>
    internal static void Backward<TLanes>(
        Tensor x, Tensor gradient, int images, in BatchNormConstants c, bool relu, float* gradGamma, float* gradBeta)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes pixels = TLanes.Broadcast(images * x.Shape.Height * x.Shape.Width);
        for (int block = 0; block < x.Blocks; block++)
        {
            int lane = block * ILanes<TLanes>.Count;
            TLanes mean = TLanes.Load(c.Mean + lane);
            TLanes inverse = TLanes.Load(c.InverseDeviation + lane);
            TLanes scale = TLanes.Load(c.Scale + lane);
            (TLanes sum, TLanes products) = relu
                ? Sums<TLanes, Rectified<TLanes>>(x, gradient, block, images, mean, scale, TLanes.Load(c.Shift + lane))
                : Sums<TLanes, Linear<TLanes>>(x, gradient, block, images, mean, default, default);
            TLanes gradScale = products * inverse;
            sum.Store(gradBeta + lane);
            gradScale.Store(gradGamma + lane);

            TLanes zero = TLanes.Broadcast(0);
            TLanes offset = zero - scale * sum / pixels;
            TLanes slope = zero - scale * inverse * gradScale / pixels;
            InputGradient(x, gradient, block, images, mean, scale, slope, offset);
        }
    }

    private static void Affine<TLanes>(Tensor x, Tensor y, int block, int images, TLanes scale, TLanes shift, bool relu)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelRow row in new PixelRows(x, y, y, images, block, block + 1))
        {
            for (nint i = 0; i < row.Length; i += Tensor.BlockLanes)
            {
                TLanes value = TLanes.FusedMultiplyAdd(TLanes.Load(row.A + i), scale, shift);
                (relu ? TLanes.Rectify(value) : value).Store(row.B + i);
            }
        }
    }

    /// <summary>Σg and Σg·(x − mean), in <see cref="PixelSum"/>'s order, in one pass that also takes the gradient through the rectification.</summary>
    private static (TLanes Sum, TLanes Products) Sums<TLanes, TActivation>(
        Tensor x, Tensor gradient, int block, int images, TLanes mean, TLanes scale, TLanes shift)
        where TLanes : struct, ILanes<TLanes>
        where TActivation : struct, IActivation<TLanes>
    {
        const int Lanes = Tensor.BlockLanes;
        TLanes s0 = TLanes.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        TLanes p0 = s0, p1 = s0, p2 = s0, p3 = s0;
        foreach (PixelRow row in new PixelRows(x, gradient, gradient, images, block, block + 1, PixelSum.Chains))
        {
            float* a = row.A;
            float* g = row.B;
            nint rest = row.Length % (PixelSum.Chains * Lanes);
            for (float* end = a + row.Length - rest; a < end; a += PixelSum.Chains * Lanes, g += PixelSum.Chains * Lanes)
            {
                Add<TLanes, TActivation>(a, g, mean, scale, shift, ref s0, ref p0);
                Add<TLanes, TActivation>(a + Lanes, g + Lanes, mean, scale, shift, ref s1, ref p1);
                Add<TLanes, TActivation>(a + 2 * Lanes, g + 2 * Lanes, mean, scale, shift, ref s2, ref p2);
                Add<TLanes, TActivation>(a + 3 * Lanes, g + 3 * Lanes, mean, scale, shift, ref s3, ref p3);
            }

            if (rest > 0)
            {
                Add<TLanes, TActivation>(a, g, mean, scale, shift, ref s0, ref p0);
            }

            if (rest > Lanes)
            {
                Add<TLanes, TActivation>(a + Lanes, g + Lanes, mean, scale, shift, ref s1, ref p1);
            }

            if (rest > 2 * Lanes)
            {
                Add<TLanes, TActivation>(a + 2 * Lanes, g + 2 * Lanes, mean, scale, shift, ref s2, ref p2);
            }
        }

        return ((s0 + s1) + (s2 + s3), (p0 + p1) + (p2 + p3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes, TActivation>(
        float* x, float* gradient, TLanes mean, TLanes scale, TLanes shift, ref TLanes sum, ref TLanes products)
        where TLanes : struct, ILanes<TLanes>
        where TActivation : struct, IActivation<TLanes>
    {
        TLanes value = TLanes.Load(x);
        TLanes g = TActivation.Gradient(value, gradient, scale, shift);
        sum += g;
        products = TLanes.FusedMultiplyAdd(g, value - mean, products);
    }

    /// <summary>What follows the normalisation.</summary>
    private interface IActivation<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        /// <summary>Takes a gradient through it, in place.</summary>
        static abstract TLanes Gradient(TLanes x, float* gradient, TLanes scale, TLanes shift);
    }

    private readonly struct Linear<TLanes> : IActivation<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Gradient(TLanes x, float* gradient, TLanes scale, TLanes shift) => TLanes.Load(gradient);
    }

    /// <summary>Clears the gradient where the output was rectified, by computing the sign of the output anew.</summary>
    private readonly struct Rectified<TLanes> : IActivation<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Gradient(TLanes x, float* gradient, TLanes scale, TLanes shift)
        {
            TLanes g = TLanes.WherePositive(TLanes.FusedMultiplyAdd(x, scale, shift), TLanes.Load(gradient));
            g.Store(gradient);
            return g;
        }
    }

    private static void InputGradient<TLanes>(
        Tensor x, Tensor gradient, int block, int images, TLanes mean, TLanes scale, TLanes slope, TLanes offset)
        where TLanes : struct, ILanes<TLanes>
    {
        foreach (PixelRow row in new PixelRows(x, gradient, gradient, images, block, block + 1))
        {
            for (nint i = 0; i < row.Length; i += Tensor.BlockLanes)
            {
                TLanes rest = TLanes.FusedMultiplyAdd(slope, TLanes.Load(row.A + i) - mean, offset);
                TLanes.FusedMultiplyAdd(scale, TLanes.Load(row.B + i), rest).Store(row.B + i);
            }
        }
    }
}

/// <summary>What a chunk's backward pass needs of its forward pass; [⌈C/16⌉·16] each.</summary>
internal readonly unsafe struct BatchNormConstants(float* mean, float* inverseDeviation, float* scale, float* shift)
{
    internal float* Mean { get; } = mean;

    internal float* InverseDeviation { get; } = inverseDeviation;

    internal float* Scale { get; } = scale;

    internal float* Shift { get; } = shift;
}
