using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// The five small matrices of F(4×4, 3×3), Winograd's convolution: a tile of 4×4 outputs comes from 6×6 inputs by 36
/// products instead of 144, Y = Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A, and the filter's gradient is Gᵀ[Σ (Bᵀ·d·B) ⊙ (A·∂Y·Aᵀ)]G.
/// </summary>
/// <remarks>
/// Interpolation points 0, ±5/8, ±3/2, ∞: exact in binary, and twice as accurate as the usual 0, ±1, ±2, ∞.
/// Order: columns first, then rows; each 1-D transform as its operations stand below.
/// Sources: Lavin and Gray 2015, arXiv:1509.09308; the points are oneDNN's.
/// </remarks>
internal static unsafe class WinogradTransform
{
    /// <summary>Outputs of a tile along one axis.</summary>
    internal const int TileSize = 4;

    /// <summary>Inputs of a tile along one axis.</summary>
    internal const int WindowSize = 6;

    /// <summary>Filter elements along one axis.</summary>
    internal const int KernelSize = 3;

    /// <summary>Products of a tile.</summary>
    internal const int Positions = WindowSize * WindowSize;

    /// <summary>Floats of <see cref="Apply"/>'s intermediate result, or of a clipped window.</summary>
    internal const int ScratchLength = Positions * Lanes;

    /// <summary>Floats to put on the stack for two of them, whatever its alignment.</summary>
    internal const int StackLength = 2 * ScratchLength + Lanes;

    private const int Lanes = Tensor.BlockLanes;

    // The points ±P and ±Q, their powers, and the denominators of Lagrange's polynomials.
    private const float P = 0.625f, P2 = P * P, P3 = P * P * P;
    private const float Q = 1.5f, Q2 = Q * Q, Q3 = Q * Q * Q;
    private const float Product = P2 * Q2, Sum = P2 + Q2;
    private const float D0 = (float)(1 / ((double)P2 * Q2));
    private const float DP = (float)(1 / (2.0 * P2 * ((double)P2 - Q2)));
    private const float DQ = (float)(1 / (2.0 * Q2 * ((double)Q2 - P2)));

    /// <summary>One axis of a transform: elements lie at a constant distance.</summary>
    internal interface IAxis
    {
        static abstract int Inputs { get; }

        static abstract int Outputs { get; }

        static abstract void Apply<TLanes>(float* x, nint xStep, float* y, nint yStep)
            where TLanes : struct, ILanes<TLanes>;
    }

    /// <summary>The first cache line that lies within memory on the stack: vectors across two lines cost twice.</summary>
    internal static float* Align(float* stack) => (float*)(((nuint)stack + 63) / 64 * 64);

    /// <summary>The transform along both axes, of sixteen channels at once.</summary>
    /// <param name="x">First input; rows and columns at their distances, in floats.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <param name="y">First output.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Apply<TLanes, TAxis>(float* x, nint xRow, nint xColumn, float* scratch, float* y, nint yRow, nint yColumn)
        where TLanes : struct, ILanes<TLanes>
        where TAxis : struct, IAxis
    {
        for (int column = 0; column < TAxis.Inputs; column++)
        {
            TAxis.Apply<TLanes>(x + column * xColumn, xRow, scratch + column * Lanes, TAxis.Inputs * Lanes);
        }

        for (int row = 0; row < TAxis.Outputs; row++)
        {
            TAxis.Apply<TLanes>(scratch + row * TAxis.Inputs * Lanes, Lanes, y + row * yRow, yColumn);
        }
    }

    /// <summary>Bᵀ·d: a window of inputs.</summary>
    internal readonly struct Input : IAxis
    {
        public static int Inputs => WindowSize;

        public static int Outputs => WindowSize;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* x, nint xStep, float* y, nint yStep)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes x0 = TLanes.Load(x);
            TLanes x1 = TLanes.Load(x + xStep);
            TLanes x2 = TLanes.Load(x + 2 * xStep);
            TLanes x3 = TLanes.Load(x + 3 * xStep);
            TLanes x4 = TLanes.Load(x + 4 * xStep);
            TLanes x5 = TLanes.Load(x + 5 * xStep);
            MultiplyAdd(Product, x0, MultiplyAdd(-Sum, x2, x4)).Store(y);
            TLanes even = MultiplyAdd(-Q2, x2, x4);
            TLanes odd = MultiplyAdd(-Q2, x1, x3);
            MultiplyAdd(P, odd, even).Store(y + yStep);
            MultiplyAdd(-P, odd, even).Store(y + 2 * yStep);
            even = MultiplyAdd(-P2, x2, x4);
            odd = MultiplyAdd(-P2, x1, x3);
            MultiplyAdd(Q, odd, even).Store(y + 3 * yStep);
            MultiplyAdd(-Q, odd, even).Store(y + 4 * yStep);
            MultiplyAdd(Product, x1, MultiplyAdd(-Sum, x3, x5)).Store(y + 5 * yStep);
        }
    }

    /// <summary>G·g: a filter.</summary>
    internal readonly struct Filter : IAxis
    {
        public static int Inputs => KernelSize;

        public static int Outputs => WindowSize;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* x, nint xStep, float* y, nint yStep)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes x0 = TLanes.Load(x);
            TLanes x1 = TLanes.Load(x + xStep);
            TLanes x2 = TLanes.Load(x + 2 * xStep);
            (TLanes.Broadcast(D0) * x0).Store(y);
            TLanes even = TLanes.Broadcast(DP) * MultiplyAdd(P2, x2, x0);
            TLanes odd = TLanes.Broadcast(DP) * x1;
            MultiplyAdd(P, odd, even).Store(y + yStep);
            MultiplyAdd(-P, odd, even).Store(y + 2 * yStep);
            even = TLanes.Broadcast(DQ) * MultiplyAdd(Q2, x2, x0);
            odd = TLanes.Broadcast(DQ) * x1;
            MultiplyAdd(Q, odd, even).Store(y + 3 * yStep);
            MultiplyAdd(-Q, odd, even).Store(y + 4 * yStep);
            x2.Store(y + 5 * yStep);
        }
    }

    /// <summary>Aᵀ·m: products to outputs.</summary>
    internal readonly struct Output : IAxis
    {
        public static int Inputs => WindowSize;

        public static int Outputs => TileSize;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* x, nint xStep, float* y, nint yStep)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes x1 = TLanes.Load(x + xStep);
            TLanes x2 = TLanes.Load(x + 2 * xStep);
            TLanes x3 = TLanes.Load(x + 3 * xStep);
            TLanes x4 = TLanes.Load(x + 4 * xStep);
            TLanes sumP = x1 + x2;
            TLanes differenceP = x1 - x2;
            TLanes sumQ = x3 + x4;
            TLanes differenceQ = x3 - x4;
            (TLanes.Load(x) + sumP + sumQ).Store(y);
            MultiplyAdd(Q, differenceQ, TLanes.Broadcast(P) * differenceP).Store(y + yStep);
            MultiplyAdd(Q2, sumQ, TLanes.Broadcast(P2) * sumP).Store(y + 2 * yStep);
            MultiplyAdd(Q3, differenceQ, MultiplyAdd(P3, differenceP, TLanes.Load(x + 5 * xStep))).Store(y + 3 * yStep);
        }
    }

    /// <summary>A·∂y: the gradient of a tile of outputs.</summary>
    internal readonly struct OutputGradient : IAxis
    {
        public static int Inputs => TileSize;

        public static int Outputs => WindowSize;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* x, nint xStep, float* y, nint yStep)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes x0 = TLanes.Load(x);
            TLanes x1 = TLanes.Load(x + xStep);
            TLanes x2 = TLanes.Load(x + 2 * xStep);
            TLanes x3 = TLanes.Load(x + 3 * xStep);
            x0.Store(y);
            TLanes even = MultiplyAdd(P2, x2, x0);
            TLanes odd = MultiplyAdd(P2, x3, x1);
            MultiplyAdd(P, odd, even).Store(y + yStep);
            MultiplyAdd(-P, odd, even).Store(y + 2 * yStep);
            even = MultiplyAdd(Q2, x2, x0);
            odd = MultiplyAdd(Q2, x3, x1);
            MultiplyAdd(Q, odd, even).Store(y + 3 * yStep);
            MultiplyAdd(-Q, odd, even).Store(y + 4 * yStep);
            x3.Store(y + 5 * yStep);
        }
    }

    /// <summary>Gᵀ·∂u: summed products to the gradient of a filter.</summary>
    internal readonly struct FilterGradient : IAxis
    {
        public static int Inputs => WindowSize;

        public static int Outputs => KernelSize;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* x, nint xStep, float* y, nint yStep)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes x1 = TLanes.Load(x + xStep);
            TLanes x2 = TLanes.Load(x + 2 * xStep);
            TLanes x3 = TLanes.Load(x + 3 * xStep);
            TLanes x4 = TLanes.Load(x + 4 * xStep);
            TLanes sumP = TLanes.Broadcast(DP) * (x1 + x2);
            TLanes differenceP = TLanes.Broadcast(DP) * (x1 - x2);
            TLanes sumQ = TLanes.Broadcast(DQ) * (x3 + x4);
            TLanes differenceQ = TLanes.Broadcast(DQ) * (x3 - x4);
            MultiplyAdd(D0, TLanes.Load(x), sumP + sumQ).Store(y);
            MultiplyAdd(Q, differenceQ, TLanes.Broadcast(P) * differenceP).Store(y + yStep);
            MultiplyAdd(Q2, sumQ, MultiplyAdd(P2, sumP, TLanes.Load(x + 5 * xStep))).Store(y + 2 * yStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes MultiplyAdd<TLanes>(float factor, TLanes value, TLanes addend)
        where TLanes : struct, ILanes<TLanes> => TLanes.FusedMultiplyAdd(TLanes.Broadcast(factor), value, addend);
}
