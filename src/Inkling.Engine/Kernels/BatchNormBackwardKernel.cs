using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// Gradient of <see cref="BatchNormForwardTraining"/>. With x̂ the normalised input, M pixels and g the gradient (zero where the output
/// was rectified): ∂β = Σg, ∂γ = Σg·x̂, ∂x = γ/√(variance + ε) · (g − ∂β/M − x̂·∂γ/M).
/// </summary>
/// <remarks>Order of sums: <see cref="PixelSum"/>.</remarks>
internal readonly unsafe struct BatchNormBackward : IKernelCall
{
    private const int Lanes = Tensor.BlockLanes;

    internal required Tensor Input { get; init; }

    /// <summary>Gradient of the output going in (made by <see cref="Pool"/> if there is one), of the input coming out.</summary>
    internal required Tensor Gradient { get; init; }

    /// <summary>Images in the chunk.</summary>
    internal required int Images { get; init; }

    /// <summary>Of the forward pass.</summary>
    internal required BatchNormConstants Constants { get; init; }

    /// <summary>Whether the output was rectified.</summary>
    internal required bool Rectifies { get; init; }

    /// <summary>Took the output.</summary>
    internal required FusedPool? Pool { get; init; }

    /// <summary>[C].</summary>
    internal required float* GradGamma { get; init; }

    /// <summary>[C].</summary>
    internal required float* GradBeta { get; init; }

    public KernelWork Work => new(Input);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        if (Rectifies)
        {
            Run<TLanes, Rectified>();
        }
        else
        {
            Run<TLanes, Linear>();
        }
    }

    private void Run<TLanes, TActivation>()
        where TLanes : struct, ILanes<TLanes>
        where TActivation : struct, IActivation
    {
        (Tensor x, Tensor gradient, BatchNormConstants c) = (Input, Gradient, Constants);
        float* sums = stackalloc float[(2 * PixelSum.Chains + 2) * Lanes];
        float* slope = sums + 2 * PixelSum.Chains * Lanes;
        float* offset = slope + Lanes;
        TLanes pixels = TLanes.Broadcast(Images * x.Shape.Height * x.Shape.Width);
        TLanes zero = TLanes.Broadcast(0);
        for (int block = 0; block < x.Blocks; block++)
        {
            int lane = block * Lanes;
            TLanes inverse = TLanes.Load(c.InverseDeviation + lane);
            TLanes scale = TLanes.Load(c.Scale + lane);
            new Span<float>(sums, 2 * PixelSum.Chains * Lanes).Clear();
            for (int image = 0; image < Images; image++)
            {
                Pool?.Backward<TLanes>(block, image);
                PixelMap map = PixelMaps.Single(x, gradient, gradient, block, image, PixelSum.Chains);
                TLanes.InParts(new SumsOfMap<TActivation>(map, c.From(lane), sums));
            }

            TLanes sum = PixelSum.Fold<TLanes>(sums);
            TLanes gradScale = PixelSum.Fold<TLanes>(sums + PixelSum.Chains * Lanes) * inverse;
            sum.Store(GradBeta + lane);
            gradScale.Store(GradGamma + lane);

            (zero - scale * inverse * gradScale / pixels).Store(slope);
            (zero - scale * sum / pixels).Store(offset);
            foreach (PixelMap map in new PixelMaps(x, gradient, gradient, block, Images))
            {
                InputGradientOfMap<TLanes, TActivation>(map, c.From(lane), slope, offset);
            }
        }
    }

    // Methods of their own: around the walk over maps the compiler would keep the vectors in memory.
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
