namespace Inkling.Engine;

/// <summary>
/// A maximum pooling that takes every map as soon as it is made, or makes its gradient when it is wanted, while it is in cache.
/// </summary>
/// <param name="map">Input, or its gradient on the way back.</param>
/// <param name="output">Output or its gradient.</param>
/// <param name="winners">As in <see cref="MaxPoolKernel"/>.</param>
/// <param name="window">Window geometry.</param>
internal sealed class FusedPool(Tensor map, Tensor output, Tensor winners, PoolWindow window)
{
    internal Tensor Map { get; } = map;

    internal void Forward<TLanes>(int block, int image)
        where TLanes : struct, ILanes<TLanes> =>
        MaxPoolKernel.ForwardMap<TLanes>(Map, output, winners, window, block, image);

    internal void Backward<TLanes>(int block, int image)
        where TLanes : struct, ILanes<TLanes> =>
        MaxPoolKernel.BackwardMap<TLanes>(output, winners, Map, window, block, image);
}
