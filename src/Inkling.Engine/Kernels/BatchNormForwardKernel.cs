using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// Batch normalisation of one chunk: y = γ·(x − mean)/√(variance + ε) + β per channel, optionally rectified, with the chunk's own
/// statistics, which it records.
/// </summary>
/// <remarks>
/// Order of sums: <see cref="PixelSum"/>. Mean first, then the squares of the differences: two passes, no cancellation.
/// Source: Ioffe and Szegedy 2015, arXiv:1502.03167.
/// </remarks>
internal readonly unsafe struct BatchNormForwardTraining : IKernelCall
{
    private const int Lanes = Tensor.BlockLanes;

    internal required Tensor Input { get; init; }

    internal required Tensor Output { get; init; }

    /// <summary>Images in the chunk.</summary>
    internal required int Images { get; init; }

    /// <summary>Mean, inverse deviation, scale and shift are written.</summary>
    internal required BatchNormConstants Constants { get; init; }

    /// <summary>[C].</summary>
    internal required float* Gamma { get; init; }

    /// <summary>[C].</summary>
    internal required float* Beta { get; init; }

    /// <summary>Added to the variance.</summary>
    internal required float Epsilon { get; init; }

    /// <summary>Whether the output is rectified.</summary>
    internal required bool Rectifies { get; init; }

    /// <summary>Takes every map of the output as it is made, if nothing else reads it.</summary>
    internal required FusedPool? Pool { get; init; }

    /// <summary>[C] receives the chunk's mean.</summary>
    internal required float* Mean { get; init; }

    /// <summary>[C] receives the chunk's unbiased variance (biased where there is one pixel only).</summary>
    internal required float* Variance { get; init; }

    public KernelWork Work => new(Input);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        Tensor x = Input;
        BatchNormConstants c = Constants;
        float count = Images * x.Shape.Height * x.Shape.Width;
        TLanes pixels = TLanes.Broadcast(count);
        TLanes unbiased = TLanes.Broadcast(Math.Max(count - 1, 1));
        for (int block = 0; block < x.Blocks; block++)
        {
            int lane = block * Lanes;
            TLanes m = PixelSum.Of<TLanes, PixelSum.Value<TLanes>>(x, x, block, Images, default) / pixels;
            TLanes squares = PixelSum.Of<TLanes, PixelSum.SquaredDifference<TLanes>>(x, x, block, Images, m);
            TLanes inverse = TLanes.Broadcast(1) / TLanes.SquareRoot(squares / pixels + TLanes.Broadcast(Epsilon));
            TLanes scale = TLanes.Load(Gamma + lane) * inverse;
            TLanes shift = TLanes.Load(Beta + lane) - m * scale;
            m.Store(Mean + lane);
            (squares / unbiased).Store(Variance + lane);
            m.Store(c.Mean + lane);
            inverse.Store(c.InverseDeviation + lane);
            scale.Store(c.Scale + lane);
            shift.Store(c.Shift + lane);
            for (int image = 0; image < Images; image++)
            {
                PixelMap map = PixelMaps.Single(x, Output, Output, block, image);
                BatchNormMap.Normalize<TLanes>(map, c.Scale + lane, c.Shift + lane, Rectifies);
                Pool?.Forward<TLanes>(block, image);
            }
        }
    }
}

/// <summary>Scale and shift from running statistics.</summary>
internal readonly unsafe struct BatchNormInferenceConstants : IKernelCall
{
    private const int Lanes = Tensor.BlockLanes;

    /// <summary>Blocks of channels.</summary>
    internal required int Blocks { get; init; }

    /// <summary>Scale and shift are written.</summary>
    internal required BatchNormConstants Constants { get; init; }

    /// <summary>[C].</summary>
    internal required float* Gamma { get; init; }

    /// <summary>[C].</summary>
    internal required float* Beta { get; init; }

    /// <summary>[C], running.</summary>
    internal required float* Mean { get; init; }

    /// <summary>[C], running.</summary>
    internal required float* Variance { get; init; }

    /// <summary>Added to the variance.</summary>
    internal required float Epsilon { get; init; }

    public KernelWork Work => default;

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int lane = 0; lane < Blocks * Lanes; lane += Lanes)
        {
            TLanes inverse = TLanes.Broadcast(1)
                / TLanes.SquareRoot(TLanes.Load(Variance + lane) + TLanes.Broadcast(Epsilon));
            TLanes scale = TLanes.Load(Gamma + lane) * inverse;
            scale.Store(Constants.Scale + lane);
            (TLanes.Load(Beta + lane) - TLanes.Load(Mean + lane) * scale).Store(Constants.Shift + lane);
        }
    }
}

/// <summary>Normalises with running statistics; where a convolution comes before, its epilogue does.</summary>
internal readonly unsafe struct BatchNormForwardInference(Tensor x, Tensor y, int images, Epilogue epilogue) : IKernelCall
{
    private const int Lanes = Tensor.BlockLanes;

    public KernelWork Work => KernelWork.OnBlocksOf(x);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        (int start, int end) = part.RangeOf(x.Blocks);
        for (int block = start; block < end; block++)
        {
            foreach (PixelMap map in new PixelMaps(x, y, y, block, images))
            {
                BatchNormMap.Normalize<TLanes>(map, epilogue.Scale + block * Lanes, epilogue.Shift + block * Lanes, epilogue.Rectifies);
            }
        }
    }
}

/// <summary>What both kinds of normalisation do with a map.</summary>
internal static unsafe class BatchNormMap
{
    private const int Lanes = Tensor.BlockLanes;

    // A method of its own: around the walk over maps the compiler would keep the vectors in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Normalize<TLanes>(PixelMap map, float* scale, float* shift, bool relu)
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
