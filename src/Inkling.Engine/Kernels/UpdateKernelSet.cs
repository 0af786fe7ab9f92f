namespace Inkling.Engine;

/// <summary>The kernels of what happens to parameters between passes, for one kind of vector registers; every kind gives the same bits.</summary>
internal abstract unsafe class UpdateKernelSet
{
    private static readonly Lazy<UpdateKernelSet> Set512 = new(() => new UpdateKernelSet<Lanes512>(TileLimits.For(Simd.Vector512)));
    private static readonly Lazy<UpdateKernelSet> Set256 = new(() => new UpdateKernelSet<Lanes256>(TileLimits.For(Simd.Vector256)));
    private static readonly Lazy<UpdateKernelSet> Set128 = new(() => new UpdateKernelSet<Lanes128>(TileLimits.For(Simd.Vector128)));

    internal static UpdateKernelSet For(Simd simd) => simd switch
    {
        Simd.Vector512 => Set512.Value,
        Simd.Vector256 => Set256.Value,
        _ => Set128.Value,
    };

    internal abstract void Sum(float** sources, int count, float* destination, nint start, nint end);

    internal abstract void Sgd(float* w, float* g, float* v, nint start, nint end, float learningRate, float momentum, bool nesterov, float weightDecay);

    internal abstract void Momentum(float* g, float* v, float* direction, nint start, nint end, float momentum);

    internal abstract void Step(float* w, float* direction, nint start, nint end, float rate, float keep);

    internal abstract void NewtonSchulzProduct(float* a, float* b, int blocks, int length, int block, float* product);

    internal abstract void NewtonSchulzPolynomial(float* gram, int blocks, int block, NewtonSchulzCoefficients c, float* polynomial);

    internal abstract void NewtonSchulzApply(float* factor, float* x, int blocks, int length, int block, float* result);

    internal abstract void AdamW(float* w, float* g, float* m, float* s, nint start, nint end, in AdamWConstants c);

    internal abstract void Average(float* value, float* average, nint start, nint end, float weight);
}

/// <inheritdoc cref="UpdateKernelSet"/>
/// <param name="limits">The largest tile of the matrix kernel.</param>
internal sealed unsafe class UpdateKernelSet<TLanes>(TileLimits limits) : UpdateKernelSet
    where TLanes : struct, ILanes<TLanes>
{
    private readonly RegisterTile.Table<TLanes> _tiles = new(limits);

    internal override void Sum(float** sources, int count, float* destination, nint start, nint end) =>
        UpdateKernel.Sum<TLanes>(sources, count, destination, start, end);

    internal override void Sgd(float* w, float* g, float* v, nint start, nint end, float learningRate, float momentum, bool nesterov, float weightDecay) =>
        UpdateKernel.Sgd<TLanes>(w, g, v, start, end, learningRate, momentum, nesterov, weightDecay);

    internal override void Momentum(float* g, float* v, float* direction, nint start, nint end, float momentum) =>
        UpdateKernel.Momentum<TLanes>(g, v, direction, start, end, momentum);

    internal override void Step(float* w, float* direction, nint start, nint end, float rate, float keep) =>
        UpdateKernel.Step<TLanes>(w, direction, start, end, rate, keep);

    internal override void NewtonSchulzProduct(float* a, float* b, int blocks, int length, int block, float* product) =>
        NewtonSchulzKernel.Product(_tiles, a, b, blocks, length, block, product);

    internal override void NewtonSchulzPolynomial(float* gram, int blocks, int block, NewtonSchulzCoefficients c, float* polynomial) =>
        NewtonSchulzKernel.Polynomial(_tiles, gram, blocks, block, c, polynomial);

    internal override void NewtonSchulzApply(float* factor, float* x, int blocks, int length, int block, float* result) =>
        NewtonSchulzKernel.Apply(_tiles, factor, x, blocks, length, block, result);

    internal override void AdamW(float* w, float* g, float* m, float* s, nint start, nint end, in AdamWConstants c) =>
        UpdateKernel.AdamW<TLanes>(w, g, m, s, start, end, c);

    internal override void Average(float* value, float* average, nint start, nint end, float weight) =>
        UpdateKernel.Average<TLanes>(value, average, start, end, weight);
}
