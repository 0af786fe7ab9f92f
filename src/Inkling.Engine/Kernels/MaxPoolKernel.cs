namespace Inkling.Engine;

/// <summary>Maximum over windows, in training.</summary>
/// <param name="x">Input.</param>
/// <param name="y">Output.</param>
/// <param name="winners">Same shape as <paramref name="y"/>, receives the winner's place in its window.</param>
/// <param name="window">Window geometry; elements outside the map don't take part.</param>
/// <param name="images">Images in the chunk.</param>
internal readonly struct MaxPoolForward(Tensor x, Tensor y, Tensor winners, PoolWindow window, int images) : IKernelCall
{
    public KernelWork Work => new(x);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int block = 0; block < x.Blocks; block++)
        {
            for (int image = 0; image < images; image++)
            {
                MaxPoolKernel.ForwardMap<TLanes>(x, y, winners, window, block, image);
            }
        }
    }
}

/// <summary>The same without winners, for inference.</summary>
internal readonly struct MaxPoolInference(Tensor x, Tensor y, PoolWindow window, int images) : IKernelCall
{
    public KernelWork Work => KernelWork.OnBlocksOf(x);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        (int start, int end) = part.RangeOf(x.Blocks);
        for (int block = start; block < end; block++)
        {
            for (int image = 0; image < images; image++)
            {
                MaxPoolKernel.ForwardMapValues<TLanes>(x, y, window, block, image);
            }
        }
    }
}

/// <summary>Gradient of <see cref="MaxPoolForward"/>.</summary>
/// <param name="gradOutput">Gradient of the output.</param>
/// <param name="winners">As the forward pass left them.</param>
/// <param name="gradInput">Overwritten.</param>
/// <param name="window">Window geometry.</param>
/// <param name="images">Images in the chunk.</param>
internal readonly struct MaxPoolBackward(Tensor gradOutput, Tensor winners, Tensor gradInput, PoolWindow window, int images) : IKernelCall
{
    public KernelWork Work => new(gradOutput);

    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int block = 0; block < gradInput.Blocks; block++)
        {
            for (int image = 0; image < images; image++)
            {
                MaxPoolKernel.BackwardMap<TLanes>(gradOutput, winners, gradInput, window, block, image);
            }
        }
    }
}

/// <summary>Maximum over the windows of one map, and the way back of its gradient.</summary>
/// <remarks>Of equal values the first in row order wins, as in PyTorch. Gradients of overlapping windows add in row order.</remarks>
internal static unsafe class MaxPoolKernel
{
    internal static void ForwardMap<TLanes>(Tensor x, Tensor y, Tensor winners, PoolWindow window, int block, int image)
        where TLanes : struct, ILanes<TLanes>
    {
        if (HalvingPool.Serves(window, x.Shape))
        {
            HalvingPool.ForwardMap<TLanes>(x, y, winners, window, block, image);
            return;
        }

        TLanes one = TLanes.Broadcast(1);
        for (int row = 0; row < y.Shape.Height; row++)
        {
            (int top, int bottom) = window.ClipRows(row, x.Shape.Height);
            for (int column = 0; column < y.Shape.Width; column++)
            {
                (int left, int right) = window.ClipColumns(column, x.Shape.Width);
                TLanes best = TLanes.Broadcast(float.NegativeInfinity);
                TLanes winner = TLanes.Broadcast(window.Place(row, column, top, left));
                float* first = x.At(block, image, top, left);
                for (int h = top; h < bottom; h++, first += x.RowStride)
                {
                    TLanes place = TLanes.Broadcast(window.Place(row, column, h, left));
                    for (int w = 0; w < right - left; w++, place += one)
                    {
                        TLanes value = TLanes.Load(first + w * Tensor.BlockLanes);
                        winner = TLanes.WhereGreater(value, best, place, winner);
                        best = TLanes.Larger(value, best);
                    }
                }

                best.Store(y.At(block, image, row, column));
                winner.Store(winners.At(block, image, row, column));
            }
        }
    }

    internal static void ForwardMapValues<TLanes>(Tensor x, Tensor y, PoolWindow window, int block, int image)
        where TLanes : struct, ILanes<TLanes>
    {
        if (HalvingPool.Serves(window, x.Shape))
        {
            HalvingPool.ForwardMapValues<TLanes>(x, y, window, block, image);
            return;
        }

        for (int row = 0; row < y.Shape.Height; row++)
        {
            (int top, int bottom) = window.ClipRows(row, x.Shape.Height);
            float* output = y.At(block, image, row, 0);
            for (int column = 0; column < y.Shape.Width; column++, output += Tensor.BlockLanes)
            {
                (int left, int right) = window.ClipColumns(column, x.Shape.Width);
                TLanes best = TLanes.Broadcast(float.NegativeInfinity);
                float* first = x.At(block, image, top, left);
                for (int h = top; h < bottom; h++, first += x.RowStride)
                {
                    for (int w = 0; w < right - left; w++)
                    {
                        best = TLanes.Larger(TLanes.Load(first + w * Tensor.BlockLanes), best);
                    }
                }

                best.Store(output);
            }
        }
    }

    internal static void BackwardMap<TLanes>(Tensor gradOutput, Tensor winners, Tensor gradInput, PoolWindow window, int block, int image)
        where TLanes : struct, ILanes<TLanes>
    {
        if (HalvingPool.Serves(window, gradInput.Shape))
        {
            HalvingPool.BackwardMap<TLanes>(gradOutput, winners, gradInput, window, block, image);
            return;
        }

        TLanes one = TLanes.Broadcast(1);
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
                TLanes gradient = TLanes.Load(gradOutput.At(block, image, row, column));
                TLanes winner = TLanes.Load(winners.At(block, image, row, column));
                float* first = gradInput.At(block, image, top, left);
                for (int h = top; h < bottom; h++, first += gradInput.RowStride)
                {
                    TLanes place = TLanes.Broadcast(window.Place(row, column, h, left));
                    float* p = first;
                    for (int w = left; w < right; w++, p += Tensor.BlockLanes, place += one)
                    {
                        TLanes.AddWhereEqual(TLanes.Load(p), winner, place, gradient).Store(p);
                    }
                }
            }
        }
    }
}
