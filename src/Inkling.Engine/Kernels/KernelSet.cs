namespace Inkling.Engine;

/// <summary>The kernels of passes through a network, for one kind of vector registers. Chosen once; every kind gives the same bits.</summary>
internal abstract unsafe class KernelSet
{
    private static readonly Lazy<KernelSet> Set512 = new(() => new KernelSet<Lanes512>(TileLimits.For(Simd.Vector512)));
    private static readonly Lazy<KernelSet> Set256 = new(() => new KernelSet<Lanes256>(TileLimits.For(Simd.Vector256)));
    private static readonly Lazy<KernelSet> Set128 = new(() => new KernelSet<Lanes128>(TileLimits.For(Simd.Vector128)));

    internal static KernelSet For(Simd simd) => simd switch
    {
        Simd.Vector512 => Set512.Value,
        Simd.Vector256 => Set256.Value,
        _ => Set128.Value,
    };

    /// <summary>Floating-point operations of one repetition of <see cref="Peak"/>.</summary>
    internal static double PeakFlops(int length) =>
        2.0 * For(SimdSupport.Best).Limits.Rows * For(SimdSupport.Best).Limits.Columns * ILanes<Lanes128>.Count * length;

    /// <summary>The largest tile of the matrix kernel.</summary>
    internal virtual TileLimits Limits => default;

    /// <summary>Runs the largest tile over a stretch of memory that stays in the first cache.</summary>
    /// <param name="memory">4·16·<paramref name="length"/> floats.</param>
    /// <param name="length">Steps of a chain.</param>
    /// <param name="repetitions">How often.</param>
    internal abstract void Peak(float* memory, int length, int repetitions);

    internal abstract void Convolve(ConvolutionSweep sweep, float* weights, float* bias, Epilogue epilogue, int images);

    internal abstract void WeightGradient(WeightGradientSweep sweep, float* gradWeight, int images);

    internal abstract void WinogradFilters(float* filters, int rows, float* transformed, int position);

    internal abstract void WinogradConvolve(WinogradSweep sweep, float* filters, float* bias, Epilogue epilogue, int images);

    internal abstract void WinogradWeightGradient(WinogradSweep sweep, float* gradWeight, int images);

    /// <param name="gradOutput">Gradient of the output; cleared where the output was rectified.</param>
    /// <param name="rectified">The output, or null if it wasn't rectified.</param>
    /// <param name="gradBias">[C].</param>
    /// <param name="images">Images in the chunk.</param>
    internal abstract void BiasGradient(Tensor gradOutput, Tensor? rectified, float* gradBias, int images);

    internal abstract void BatchNormForwardTraining(Tensor x, Tensor y, int images, in BatchNormConstants c, float* gamma, float* beta, float epsilon, bool relu, FusedPool? pool, float* mean, float* variance);

    internal abstract void BatchNormInferenceConstants(BatchNormConstants c, int blocks, float* gamma, float* beta, float* mean, float* variance, float epsilon);

    internal abstract void BatchNormForwardInference(Tensor x, Tensor y, int images, Epilogue epilogue);

    internal abstract void BatchNormBackward(Tensor x, Tensor gradient, int images, in BatchNormConstants c, bool relu, FusedPool? pool, float* gradGamma, float* gradBeta);

    internal abstract void Rectify(Tensor x, Tensor y, int images);

    internal abstract void WherePositive(Tensor condition, Tensor gradient, Tensor copy, int images);

    internal abstract void Mask(Tensor mask, Tensor source, Tensor destination, int images);

    internal abstract void Add(Tensor a, Tensor b, Tensor destination, int images, bool relu);

    internal abstract void MaxPoolForward(Tensor x, Tensor y, Tensor winners, PoolWindow window, int images);

    internal abstract void MaxPoolInference(Tensor x, Tensor y, PoolWindow window, int images);

    internal abstract void MaxPoolBackward(Tensor gradOutput, Tensor winners, Tensor gradInput, PoolWindow window, int images);

    internal abstract void AveragePoolForward(Tensor x, Tensor y, PoolWindow window, int images);

    internal abstract void AveragePoolBackward(Tensor gradOutput, Tensor gradInput, PoolWindow window, int images);
}

/// <inheritdoc cref="KernelSet"/>
/// <param name="limits">The largest tile of the matrix kernel.</param>
internal sealed unsafe class KernelSet<TLanes>(TileLimits limits) : KernelSet
    where TLanes : struct, ILanes<TLanes>
{
    private readonly RegisterTile.Table<TLanes> _tiles = new(limits);

    internal override TileLimits Limits => _tiles.Limits;

    internal override void Peak(float* memory, int length, int repetitions)
    {
        var run = new TileRun(0, 0, length);
        nint block = length * ILanes<TLanes>.Count;
        float* output = memory + 3 * block;
        var tile = new TileArguments
        {
            A = memory,
            ARow = ILanes<TLanes>.Count,
            AStep = 1,
            B = memory + block,
            BColumn = Limits.Columns == 1 ? 0 : block / 2,
            Runs = &run,
            RunCount = 1,
            Initial = output,
            C = output,
            CRow = ILanes<TLanes>.Count,
            CColumn = Limits.Rows * ILanes<TLanes>.Count,
        };
        for (int i = 0; i < repetitions; i++)
        {
            TileArguments t = tile;
            _tiles.Multiply(&t, Limits.Rows, Limits.Columns);
        }
    }

    internal override void Convolve(ConvolutionSweep sweep, float* weights, float* bias, Epilogue epilogue, int images) =>
        ConvolutionKernel.Run(_tiles, sweep, weights, bias, epilogue, images);

    internal override void WeightGradient(WeightGradientSweep sweep, float* gradWeight, int images) =>
        WeightGradientKernel.Run(_tiles, sweep, gradWeight, images);

    internal override void WinogradFilters(float* filters, int rows, float* transformed, int position) =>
        WinogradKernel.TransformFilters<TLanes>(filters, rows, transformed, position);

    internal override void WinogradConvolve(WinogradSweep sweep, float* filters, float* bias, Epilogue epilogue, int images) =>
        WinogradKernel.Run(_tiles, sweep, filters, bias, epilogue, images);

    internal override void WinogradWeightGradient(WinogradSweep sweep, float* gradWeight, int images) =>
        WinogradGradientKernel.Run(_tiles, sweep, gradWeight, images);

    internal override void BiasGradient(Tensor gradOutput, Tensor? rectified, float* gradBias, int images)
    {
        for (int block = 0; block < gradOutput.Blocks; block++)
        {
            TLanes sum = rectified is null
                ? PixelSum.Of<TLanes, PixelSum.Value<TLanes>>(gradOutput, gradOutput, block, images, default)
                : PixelSum.Of<TLanes, PixelSum.RectifiedGradient<TLanes>>(rectified, gradOutput, block, images, default);
            sum.Store(gradBias + block * ILanes<TLanes>.Count);
        }
    }

    internal override void BatchNormForwardTraining(Tensor x, Tensor y, int images, in BatchNormConstants c, float* gamma, float* beta, float epsilon, bool relu, FusedPool? pool, float* mean, float* variance) =>
        BatchNormKernel.ForwardTraining<TLanes>(x, y, images, c, gamma, beta, epsilon, relu, pool, mean, variance);

    internal override void BatchNormInferenceConstants(BatchNormConstants c, int blocks, float* gamma, float* beta, float* mean, float* variance, float epsilon) =>
        BatchNormKernel.InferenceConstants<TLanes>(c, blocks, gamma, beta, mean, variance, epsilon);

    internal override void BatchNormForwardInference(Tensor x, Tensor y, int images, Epilogue epilogue) =>
        BatchNormKernel.ForwardInference<TLanes>(x, y, images, epilogue);

    internal override void BatchNormBackward(Tensor x, Tensor gradient, int images, in BatchNormConstants c, bool relu, FusedPool? pool, float* gradGamma, float* gradBeta) =>
        BatchNormKernel.Backward<TLanes>(x, gradient, images, c, relu, pool, gradGamma, gradBeta);

    internal override void Rectify(Tensor x, Tensor y, int images) =>
        ElementwiseKernel.Rectify<TLanes>(x, y, images);

    internal override void WherePositive(Tensor condition, Tensor gradient, Tensor copy, int images) =>
        ElementwiseKernel.WherePositive<TLanes>(condition, gradient, copy, images);

    internal override void Mask(Tensor mask, Tensor source, Tensor destination, int images) =>
        ElementwiseKernel.Mask<TLanes>(mask, source, destination, images);

    internal override void Add(Tensor a, Tensor b, Tensor destination, int images, bool relu) =>
        ElementwiseKernel.Add<TLanes>(a, b, destination, images, relu);

    internal override void MaxPoolForward(Tensor x, Tensor y, Tensor winners, PoolWindow window, int images) =>
        MaxPoolKernel.Forward<TLanes>(x, y, winners, window, images);

    internal override void MaxPoolInference(Tensor x, Tensor y, PoolWindow window, int images) =>
        MaxPoolKernel.ForwardValues<TLanes>(x, y, window, images);

    internal override void MaxPoolBackward(Tensor gradOutput, Tensor winners, Tensor gradInput, PoolWindow window, int images) =>
        MaxPoolKernel.Backward<TLanes>(gradOutput, winners, gradInput, window, images);

    internal override void AveragePoolForward(Tensor x, Tensor y, PoolWindow window, int images) =>
        AveragePoolKernel.Forward<TLanes>(x, y, window, images);

    internal override void AveragePoolBackward(Tensor gradOutput, Tensor gradInput, PoolWindow window, int images) =>
        AveragePoolKernel.Backward<TLanes>(gradOutput, gradInput, window, images);
}
