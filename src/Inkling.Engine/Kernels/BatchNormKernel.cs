using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// Batch normalisation of one chunk: y = γ·(x − mean)/√(variance + ε) + β per channel, optionally rectified, and its gradient.
/// </summary>
/// <remarks>
/// Order of sums: <see cref="PixelSum"/>. Mean first, then the squares of the differences: two passes, no cancellation.
/// Source: Ioffe and Szegedy 2015, arXiv:1502.03167.
/// </remarks>
internal static unsafe class BatchNormKernel
{
    private const int Lanes = Tensor.BlockLanes;

    /// <summary>Normalises with the chunk's own statistics and records them.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    /// <param name="images">Images in the chunk.</param>
    /// <param name="c">Channel constants; mean, inverse deviation, scale and shift are written.</param>
    /// <param name="gamma">[C].</param>
    /// <param name="beta">[C].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="relu">Whether the output is rectified.</param>
    /// <param name="pool">Takes every map of the output as it is made, if nothing else reads it.</param>
    /// <param name="mean">[C] receives the chunk's mean.</param>
    /// <param name="variance">[C] receives the chunk's unbiased variance (biased where there is one pixel only).</param>
    internal static void ForwardTraining<TLanes>(
        Tensor x, Tensor y, int images, in BatchNormConstants c, float* gamma, float* beta, float epsilon, bool relu, FusedPool? pool,
        float* mean, float* variance)
        where TLanes : struct, ILanes<TLanes>
    {
        float count = images * x.Shape.Height * x.Shape.Width;
        TLanes pixels = TLanes.Broadcast(count);
        TLanes unbiased = TLanes.Broadcast(Math.Max(count - 1, 1));
        for (int block = 0; block < x.Blocks; block++)
        {
            int lane = block * Lanes;
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
            for (int image = 0; image < images; image++)
            {
                AffineMap<TLanes>(PixelMaps.Single(x, y, y, block, image), c.Scale + lane, c.Shift + lane, relu);
                pool?.Forward<TLanes>(block, image);
            }
        }
    }

    /// <summary>Scale and shift from running statistics.</summary>
    /// <param name="c">Scale and shift are written.</param>
    internal static void InferenceConstants<TLanes>(
        in BatchNormConstants c, int blocks, float* gamma, float* beta, float* mean, float* variance, float epsilon)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int lane = 0; lane < blocks * Lanes; lane += Lanes)
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
            foreach (PixelMap map in new PixelMaps(x, y, y, block, images))
            {
                AffineMap<TLanes>(map, epilogue.Scale + block * Lanes, epilogue.Shift + block * Lanes, epilogue.Rectifies);
            }
        }
    }

    /// <summary>
    /// With x̂ the normalised input, M pixels and g the gradient (zero where the output was rectified):
    /// ∂β = Σg, ∂γ = Σg·x̂, ∂x = γ/√(variance + ε) · (g − ∂β/M − x̂·∂γ/M).
    /// </summary>
    /// <param name="x">Input.</param>
    /// <param name="gradient">Gradient of the output going in (made by <paramref name="pool"/> if there is one), of the input coming out.</param>
    /// <param name="images">Images in the chunk.</param>
    /// <param name="c">Channel constants of the forward pass.</param>
    /// <param name="relu">Whether the output was rectified.</param>
    /// <param name="pool">Took the output.</param>
    /// <param name="gradGamma">[C].</param>
    /// <param name="gradBeta">[C].</param>
    internal static void Backward<TLanes>(
        Tensor x, Tensor gradient, int images, in BatchNormConstants c, bool relu, FusedPool? pool, float* gradGamma, float* gradBeta)
        where TLanes : struct, ILanes<TLanes>
    {
        if (relu)
        {
            Backward<TLanes, Rectified>(x, gradient, images, c, pool, gradGamma, gradBeta);
        }
        else
        {
            Backward<TLanes, Linear>(x, gradient, images, c, pool, gradGamma, gradBeta);
        }
    }

    private static void Backward<TLanes, TActivation>(
        Tensor x, Tensor gradient, int images, in BatchNormConstants c, FusedPool? pool, float* gradGamma, float* gradBeta)
        where TLanes : struct, ILanes<TLanes>
        where TActivation : struct, IActivation
    {
        float* sums = stackalloc float[(2 * PixelSum.Chains + 2) * Lanes];
        float* slope = sums + 2 * PixelSum.Chains * Lanes;
        float* offset = slope + Lanes;
        TLanes pixels = TLanes.Broadcast(images * x.Shape.Height * x.Shape.Width);
        TLanes zero = TLanes.Broadcast(0);
        for (int block = 0; block < x.Blocks; block++)
        {
            int lane = block * Lanes;
            TLanes inverse = TLanes.Load(c.InverseDeviation + lane);
            TLanes scale = TLanes.Load(c.Scale + lane);
            new Span<float>(sums, 2 * PixelSum.Chains * Lanes).Clear();
            for (int image = 0; image < images; image++)
            {
                pool?.Backward<TLanes>(block, image);
                PixelMap map = PixelMaps.Single(x, gradient, gradient, block, image, PixelSum.Chains);
                TLanes.InParts(new SumsOfMap<TActivation>(map, c.From(lane), sums));
            }

            TLanes sum = PixelSum.Fold<TLanes>(sums);
            TLanes gradScale = PixelSum.Fold<TLanes>(sums + PixelSum.Chains * Lanes) * inverse;
            sum.Store(gradBeta + lane);
            gradScale.Store(gradGamma + lane);

            (zero - scale * inverse * gradScale / pixels).Store(slope);
            (zero - scale * sum / pixels).Store(offset);
            foreach (PixelMap map in new PixelMaps(x, gradient, gradient, block, images))
            {
                InputGradientOfMap<TLanes, TActivation>(map, c.From(lane), slope, offset);
            }
        }
    }

    // Maps have methods of their own: around the walk over them the compiler would keep the vectors in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AffineMap<TLanes>(PixelMap map, float* scale, float* shift, bool relu)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes factor = TLanes.Load(scale), addend = TLanes.Load(shift);
        float* a = map.A;
        float* b = map.B;
        for (int rows = map.Rows; rows > 0; rows--, a += map.RowA, b += map.RowB)
        {
            for (nint i = 0; i < map.Length; i += Lanes)
            {
                TLanes value = TLanes.FusedMultiplyAdd(TLanes.Load(a + i), factor, addend);
                (relu ? TLanes.Rectify(value) : value).Store(b + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputGradientOfMap<TLanes, TActivation>(PixelMap map, BatchNormConstants c, float* slope, float* offset)
        where TLanes : struct, ILanes<TLanes>
        where TActivation : struct, IActivation
    {
        TLanes mean = TLanes.Load(c.Mean), scale = TLanes.Load(c.Scale), shift = TLanes.Load(c.Shift);
        TLanes factor = TLanes.Load(slope), addend = TLanes.Load(offset);
        float* a = map.A;
        float* b = map.B;
        nint length = map.Length, rowA = map.RowA, rowB = map.RowB;
        for (int rows = map.Rows; rows > 0; rows--, a += rowA, b += rowB)
        {
            for (nint i = 0; i < length; i += Lanes)
            {
                TLanes x = TLanes.Load(a + i);
                TLanes g = TActivation.Gradient(TLanes.FusedMultiplyAdd(x, scale, shift), TLanes.Load(b + i));
                TLanes rest = TLanes.FusedMultiplyAdd(factor, x - mean, addend);
                TLanes.FusedMultiplyAdd(scale, g, rest).Store(b + i);
            }
        }
    }

    /// <summary>Σg and Σg·(x − mean) in one pass, in <see cref="PixelSum"/>'s order.</summary>
    /// <param name="map">Input and gradient.</param>
    /// <param name="c">Of the block.</param>
    /// <param name="sums">[2, 4, 16], the chains of both sums.</param>
    private readonly struct SumsOfMap<TActivation>(PixelMap map, BatchNormConstants c, float* sums) : ILaneWork
        where TActivation : struct, IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TLanes>(int lane)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes mean = TLanes.Load(c.Mean + lane), scale = TLanes.Load(c.Scale + lane), shift = TLanes.Load(c.Shift + lane);
            float* gradients = sums + lane;
            float* products = gradients + PixelSum.Chains * Lanes;
            TLanes s0 = TLanes.Load(gradients), s1 = TLanes.Load(gradients + Lanes);
            TLanes s2 = TLanes.Load(gradients + 2 * Lanes), s3 = TLanes.Load(gradients + 3 * Lanes);
            TLanes p0 = TLanes.Load(products), p1 = TLanes.Load(products + Lanes);
            TLanes p2 = TLanes.Load(products + 2 * Lanes), p3 = TLanes.Load(products + 3 * Lanes);
            float* a = map.A + lane;
            float* b = map.B + lane;
            nint rowA = map.RowA, rowB = map.RowB;
            nint rest = map.Length % (PixelSum.Chains * Lanes);
            nint groups = map.Length - rest;
            for (int rows = map.Rows; rows > 0; rows--, a += rowA, b += rowB)
            {
                float* x = a;
                float* g = b;
                for (float* end = x + groups; x < end; x += PixelSum.Chains * Lanes, g += PixelSum.Chains * Lanes)
                {
                    Add<TLanes, TActivation>(x, g, mean, scale, shift, ref s0, ref p0);
                    Add<TLanes, TActivation>(x + Lanes, g + Lanes, mean, scale, shift, ref s1, ref p1);
                    Add<TLanes, TActivation>(x + 2 * Lanes, g + 2 * Lanes, mean, scale, shift, ref s2, ref p2);
                    Add<TLanes, TActivation>(x + 3 * Lanes, g + 3 * Lanes, mean, scale, shift, ref s3, ref p3);
                }

                if (rest > 0)
                {
                    Add<TLanes, TActivation>(x, g, mean, scale, shift, ref s0, ref p0);
                }

                if (rest > Lanes)
                {
                    Add<TLanes, TActivation>(x + Lanes, g + Lanes, mean, scale, shift, ref s1, ref p1);
                }

                if (rest > 2 * Lanes)
                {
                    Add<TLanes, TActivation>(x + 2 * Lanes, g + 2 * Lanes, mean, scale, shift, ref s2, ref p2);
                }
            }

            s0.Store(gradients);
            s1.Store(gradients + Lanes);
            s2.Store(gradients + 2 * Lanes);
            s3.Store(gradients + 3 * Lanes);
            p0.Store(products);
            p1.Store(products + Lanes);
            p2.Store(products + 2 * Lanes);
            p3.Store(products + 3 * Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes, TActivation>(
        float* x, float* gradient, TLanes mean, TLanes scale, TLanes shift, ref TLanes sum, ref TLanes products)
        where TLanes : struct, ILanes<TLanes>
        where TActivation : struct, IActivation
    {
        TLanes value = TLanes.Load(x);
        TLanes g = TActivation.Gradient(TLanes.FusedMultiplyAdd(value, scale, shift), TLanes.Load(gradient));
        sum += g;
        products = TLanes.FusedMultiplyAdd(g, value - mean, products);
    }

    /// <summary>What follows the normalisation.</summary>
    private interface IActivation
    {
        /// <summary>Takes a gradient through it.</summary>
        static abstract TLanes Gradient<TLanes>(TLanes normalized, TLanes gradient)
            where TLanes : struct, ILanes<TLanes>;
    }

    private readonly struct Linear : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Gradient<TLanes>(TLanes normalized, TLanes gradient)
            where TLanes : struct, ILanes<TLanes> => gradient;
    }

    /// <summary>Clears the gradient where the output was rectified; computing its sign anew is cheaper than reading it.</summary>
    private readonly struct Rectified : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Gradient<TLanes>(TLanes normalized, TLanes gradient)
            where TLanes : struct, ILanes<TLanes> => TLanes.WherePositive(normalized, gradient);
    }
}

/// <summary>What a chunk's backward pass needs of its forward pass; [⌈C/16⌉·16] each.</summary>
internal readonly unsafe struct BatchNormConstants(float* mean, float* inverseDeviation, float* scale, float* shift)
{
    internal float* Mean { get; } = mean;

    internal float* InverseDeviation { get; } = inverseDeviation;

    internal float* Scale { get; } = scale;

    internal float* Shift { get; } = shift;

    /// <summary>The constants of later channels.</summary>
    internal BatchNormConstants From(int lane) => new(Mean + lane, InverseDeviation + lane, Scale + lane, Shift + lane);
}
