using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// The two kinds of <see cref="MaxPoolKernel"/> that nearly every network uses, with the same bits: windows of 2×2, and of 3×3 with
/// padding 1, that halve a map of even sides.
/// </summary>
/// <remarks>
/// Forward, the places within the window are constants. Backward, every gradient is written once: a pixel collects what it gets,
/// instead of windows adding to pixels.
/// </remarks>
internal static unsafe class HalvingPool
{
    private const int Lanes = Tensor.BlockLanes;

    internal static bool Serves(PoolWindow window, Shape input) =>
        window is { Height: 2, Width: 2, Stride: 2, Padding: 0 } or { Height: 3, Width: 3, Stride: 2, Padding: 1 }
        && input.Height % 2 + input.Width % 2 == 0;

    internal static void ForwardMap<TLanes>(Tensor x, Tensor y, Tensor winners, PoolWindow window, int block, int image)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int row = 0; row < y.Shape.Height; row++)
        {
            float* pixels = x.At(block, image, 2 * row, 0);
            float* best = y.At(block, image, row, 0);
            float* winner = winners.At(block, image, row, 0);
            if (window.Padding == 0)
            {
                ForwardTwoByTwo<TLanes>(pixels, x.RowStride, y.Shape.Width, best, winner);
            }
            else
            {
                ForwardThreeByThree<TLanes>(pixels, x.RowStride, row == 0, y.Shape.Width, best, winner);
            }
        }
    }

    /// <summary><see cref="ForwardMap"/> without winners.</summary>
    internal static void ForwardMapValues<TLanes>(Tensor x, Tensor y, PoolWindow window, int block, int image)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int row = 0; row < y.Shape.Height; row++)
        {
            float* pixels = x.At(block, image, 2 * row, 0);
            float* best = y.At(block, image, row, 0);
            if (window.Padding == 0)
            {
                LargestOfTwoByTwo<TLanes>(pixels, x.RowStride, y.Shape.Width, best);
            }
            else
            {
                LargestOfThreeByThree<TLanes>(row == 0 ? pixels : pixels - x.RowStride, pixels, pixels + x.RowStride, y.Shape.Width, best);
            }
        }
    }

    internal static void BackwardMap<TLanes>(Tensor gradOutput, Tensor winners, Tensor gradInput, PoolWindow window, int block, int image)
        where TLanes : struct, ILanes<TLanes>
    {
        int height = gradOutput.Shape.Height, width = gradOutput.Shape.Width;
        for (int row = 0; row < height; row++)
        {
            float* gradient = gradOutput.At(block, image, row, 0);
            float* winner = winners.At(block, image, row, 0);
            float* top = gradInput.At(block, image, 2 * row, 0);
            float* bottom = top + gradInput.RowStride;
            if (window.Padding == 0)
            {
                BackwardTwoByTwo<TLanes>(gradient, winner, width, top, bottom);
            }
            else
            {
                bool isLast = row + 1 == height;
                TLanes.InParts(new RowThreeByThree(
                    gradient, winner, isLast ? null : gradient + gradOutput.RowStride, isLast ? null : winner + winners.RowStride, width,
                    top, bottom));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardTwoByTwo<TLanes>(float* top, int rowStride, int width, float* best, float* winner)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Broadcast(1), two = TLanes.Broadcast(2), three = TLanes.Broadcast(3);
        for (float* end = best + width * Lanes; best < end; best += Lanes, winner += Lanes, top += 2 * Lanes)
        {
            TLanes value = TLanes.Broadcast(float.NegativeInfinity), place = TLanes.Broadcast(0);
            Take(top, place, ref value, ref place);
            Take(top + Lanes, one, ref value, ref place);
            Take(top + rowStride, two, ref value, ref place);
            Take(top + rowStride + Lanes, three, ref value, ref place);
            value.Store(best);
            place.Store(winner);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardThreeByThree<TLanes>(float* middle, int rowStride, bool isFirst, int width, float* best, float* winner)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes p0 = TLanes.Broadcast(0), p1 = TLanes.Broadcast(1), p2 = TLanes.Broadcast(2), p3 = TLanes.Broadcast(3);
        TLanes p4 = TLanes.Broadcast(4), p5 = TLanes.Broadcast(5), p6 = TLanes.Broadcast(6), p7 = TLanes.Broadcast(7);
        TLanes p8 = TLanes.Broadcast(8);
        for (int column = 0; column < width; column++, best += Lanes, winner += Lanes, middle += 2 * Lanes)
        {
            // A window of nothing but NaN has its first pixel on the map as winner, as in the general kernel.
            TLanes value = TLanes.Broadcast(float.NegativeInfinity);
            TLanes place = TLanes.Broadcast((isFirst ? 3 : 0) + (column == 0 ? 1 : 0));
            if (!isFirst)
            {
                float* top = middle - rowStride;
                if (column > 0)
                {
                    Take(top - Lanes, p0, ref value, ref place);
                }

                Take(top, p1, ref value, ref place);
                Take(top + Lanes, p2, ref value, ref place);
            }

            float* bottom = middle + rowStride;
            if (column > 0)
            {
                Take(middle - Lanes, p3, ref value, ref place);
            }

            Take(middle, p4, ref value, ref place);
            Take(middle + Lanes, p5, ref value, ref place);
            if (column > 0)
            {
                Take(bottom - Lanes, p6, ref value, ref place);
            }

            Take(bottom, p7, ref value, ref place);
            Take(bottom + Lanes, p8, ref value, ref place);
            value.Store(best);
            place.Store(winner);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LargestOfTwoByTwo<TLanes>(float* top, int rowStride, int width, float* best)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes least = TLanes.Broadcast(float.NegativeInfinity);
        for (float* end = best + width * Lanes; best < end; best += Lanes, top += 2 * Lanes)
        {
            TLanes value = TLanes.Larger(TLanes.Load(top + Lanes), TLanes.Larger(TLanes.Load(top), least));
            value = TLanes.Larger(TLanes.Load(top + rowStride), value);
            TLanes.Larger(TLanes.Load(top + rowStride + Lanes), value).Store(best);
        }
    }

    /// <summary>Where there is no row above, or no pixel to the left, the next one is taken twice: the first of equals stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LargestOfThreeByThree<TLanes>(float* top, float* middle, float* bottom, int width, float* best)
        where TLanes : struct, ILanes<TLanes>
    {
        int left = 0;
        for (float* end = best + width * Lanes; best < end; best += Lanes, top += 2 * Lanes, middle += 2 * Lanes, bottom += 2 * Lanes)
        {
            TLanes value = TLanes.Larger(TLanes.Load(top + left), TLanes.Broadcast(float.NegativeInfinity));
            value = TLanes.Larger(TLanes.Load(top), value);
            value = TLanes.Larger(TLanes.Load(top + Lanes), value);
            value = TLanes.Larger(TLanes.Load(middle + left), value);
            value = TLanes.Larger(TLanes.Load(middle), value);
            value = TLanes.Larger(TLanes.Load(middle + Lanes), value);
            value = TLanes.Larger(TLanes.Load(bottom + left), value);
            value = TLanes.Larger(TLanes.Load(bottom), value);
            TLanes.Larger(TLanes.Load(bottom + Lanes), value).Store(best);
            left = -Lanes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take<TLanes>(float* pixel, TLanes at, ref TLanes best, ref TLanes place)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes value = TLanes.Load(pixel);
        place = TLanes.WhereGreater(value, best, at, place);
        best = TLanes.Larger(value, best);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardTwoByTwo<TLanes>(float* gradient, float* winner, int width, float* top, float* bottom)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes zero = TLanes.Broadcast(0), one = TLanes.Broadcast(1), two = TLanes.Broadcast(2), three = TLanes.Broadcast(3);
        for (float* end = gradient + width * Lanes; gradient < end; gradient += Lanes, winner += Lanes, top += 2 * Lanes,
            bottom += 2 * Lanes)
        {
            TLanes g = TLanes.Load(gradient);
            TLanes place = TLanes.Load(winner);
            TLanes.AddWhereEqual(zero, place, zero, g).Store(top);
            TLanes.AddWhereEqual(zero, place, one, g).Store(top + Lanes);
            TLanes.AddWhereEqual(zero, place, two, g).Store(bottom);
            TLanes.AddWhereEqual(zero, place, three, g).Store(bottom + Lanes);
        }
    }

    /// <summary>
    /// The four pixels at (2r, 2c) belong to the windows (r, c), (r, c + 1), (r + 1, c) and (r + 1, c + 1), those there are; each adds what
    /// it
    /// gets in this order.
    /// </summary>
    /// <param name="gradient">Gradients of a row of windows.</param>
    /// <param name="winner">Their winners.</param>
    /// <param name="nextGradient">Gradients of the next row of windows, if there is one.</param>
    /// <param name="nextWinner">Their winners.</param>
    /// <param name="width">Windows in a row.</param>
    /// <param name="top">Pixels of row 2r.</param>
    /// <param name="bottom">Pixels of row 2r + 1.</param>
    private readonly struct RowThreeByThree(
        float* gradient, float* winner, float* nextGradient, float* nextWinner, int width, float* top, float* bottom) : ILaneWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TLanes>(int lane)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes p0 = TLanes.Broadcast(0), p1 = TLanes.Broadcast(1), p2 = TLanes.Broadcast(2), p3 = TLanes.Broadcast(3);
            TLanes p4 = TLanes.Broadcast(4), p5 = TLanes.Broadcast(5), p6 = TLanes.Broadcast(6), p7 = TLanes.Broadcast(7);
            TLanes p8 = TLanes.Broadcast(8), zero = p0, none = TLanes.Broadcast(-1);
            float* gradients = gradient + lane, winners = winner + lane, upper = top + lane, lower = bottom + lane;
            float* gradientsBelow = nextGradient + lane, winnersBelow = nextWinner + lane;
            bool isLast = nextGradient is null;
            TLanes g = TLanes.Load(gradients), place = TLanes.Load(winners);
            TLanes below = zero, placeBelow = none;
            if (!isLast)
            {
                below = TLanes.Load(gradientsBelow);
                placeBelow = TLanes.Load(winnersBelow);
            }

            int columns = width;
            for (int right = 1; right <= columns; right++, upper += 2 * Lanes, lower += 2 * Lanes)
            {
                TLanes beside = zero, placeBeside = none, corner = zero, placeCorner = none;
                if (right < columns)
                {
                    beside = TLanes.Load(gradients + right * Lanes);
                    placeBeside = TLanes.Load(winners + right * Lanes);
                    if (!isLast)
                    {
                        corner = TLanes.Load(gradientsBelow + right * Lanes);
                        placeCorner = TLanes.Load(winnersBelow + right * Lanes);
                    }
                }

                TLanes topRight = TLanes.AddWhereEqual(zero, place, p5, g);
                TLanes bottomLeft = TLanes.AddWhereEqual(zero, place, p7, g);
                TLanes bottomRight = TLanes.AddWhereEqual(TLanes.AddWhereEqual(zero, place, p8, g), placeBeside, p6, beside);
                bottomRight = TLanes.AddWhereEqual(TLanes.AddWhereEqual(bottomRight, placeBelow, p2, below), placeCorner, p0, corner);
                TLanes.AddWhereEqual(zero, place, p4, g).Store(upper);
                TLanes.AddWhereEqual(topRight, placeBeside, p3, beside).Store(upper + Lanes);
                TLanes.AddWhereEqual(bottomLeft, placeBelow, p1, below).Store(lower);
                bottomRight.Store(lower + Lanes);
                (g, place, below, placeBelow) = (beside, placeBeside, corner, placeCorner);
            }
        }
    }
}
