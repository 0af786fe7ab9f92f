namespace Inkling.Engine;

/// <summary>Mean over windows. Padding counts as zeros.</summary>
/// <remarks>Order: one chain over a window's rows then columns.</remarks>
internal readonly unsafe struct AveragePoolForward(Tensor x, Tensor y, PoolWindow window, int images) : IKernelCall
{
    public KernelWork Work => new(x);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes factor = TLanes.Broadcast(1f / (window.Height * window.Width));
        for (int block = 0; block < x.Blocks; block++)
        {
            for (int image = 0; image < images; image++)
            {
                for (int row = 0; row < y.Shape.Height; row++)
                {
                    (int top, int bottom) = window.ClipRows(row, x.Shape.Height);
                    for (int column = 0; column < y.Shape.Width; column++)
                    {
                        (int left, int right) = window.ClipColumns(column, x.Shape.Width);
                        TLanes sum = TLanes.Broadcast(0);
                        for (int h = top; h < bottom; h++)
                        {
                            float* p = x.At(block, image, h, left);
                            for (int w = left; w < right; w++, p += Tensor.BlockLanes)
                            {
                                sum += TLanes.Load(p);
                            }
                        }

                        (sum * factor).Store(y.At(block, image, row, column));
                    }
                }
            }
        }
    }
}

/// <summary>Gradient of <see cref="AveragePoolForward"/>.</summary>
/// <param name="gradOutput">Gradient of the output.</param>
/// <param name="gradInput">Overwritten.</param>
/// <param name="window">Window geometry.</param>
/// <param name="images">Images in the chunk.</param>
/// <remarks>Order: gradients of overlapping windows add in row order.</remarks>
internal readonly unsafe struct AveragePoolBackward(Tensor gradOutput, Tensor gradInput, PoolWindow window, int images) : IKernelCall
{
    public KernelWork Work => new(gradOutput);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes factor = TLanes.Broadcast(1f / (window.Height * window.Width));
        for (int block = 0; block < gradInput.Blocks; block++)
        {
            for (int image = 0; image < images; image++)
            {
                for (int row = 0; row < gradInput.Shape.Height; row++)
                {
                    new Span<float>(gradInput.At(block, image, row, 0), gradInput.Shape.Width * Tensor.BlockLanes).Clear();
                }

                for (int row = 0; row < gradOutput.Shape.Height; row++)
                {
                    (int top, int bottom) = window.ClipRows(row, gradInput.Shape.Height);
                    for (int column = 0; column < gradOutput.Shape.Width; column++)
                    {
                        (int left, int right) = window.ClipColumns(column, gradInput.Shape.Width);
                        TLanes share = TLanes.Load(gradOutput.At(block, image, row, column)) * factor;
                        for (int h = top; h < bottom; h++)
                        {
                            float* p = gradInput.At(block, image, h, left);
                            for (int w = left; w < right; w++, p += Tensor.BlockLanes)
                            {
                                (TLanes.Load(p) + share).Store(p);
                            }
                        }
                    }
                }
            }
        }
    }
}
