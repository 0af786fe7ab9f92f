namespace Inkling.Engine;

/// <summary>Gradient of a bias over one chunk: the sum of the output's gradient over all pixels.</summary>
/// <param name="gradOutput">Gradient of the output; cleared where the output was rectified.</param>
/// <param name="rectified">The output, or null if it wasn't rectified.</param>
/// <param name="gradBias">[C].</param>
/// <param name="images">Images in the chunk.</param>
/// <remarks>Order: <see cref="PixelSum"/>.</remarks>
internal readonly unsafe struct BiasGradient(Tensor gradOutput, Tensor? rectified, float* gradBias, int images) : IKernelCall
{
    public KernelWork Work => new(gradOutput);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int block = 0; block < gradOutput.Blocks; block++)
        {
            TLanes sum = rectified is null
                ? PixelSum.Of<TLanes, PixelSum.Value<TLanes>>(gradOutput, gradOutput, block, images, default)
                : PixelSum.Of<TLanes, PixelSum.RectifiedGradient<TLanes>>(rectified, gradOutput, block, images, default);
            sum.Store(gradBias + block * ILanes<TLanes>.Count);
        }
    }
}
