using System.Runtime.CompilerServices;
using Inkling.Engine.Memory;

namespace Inkling.Engine.Kernels;

/// <summary>
/// One step of a Newton–Schulz iteration: X ← (a·I + b·G + c·G²)·X with G = X·Xᵀ, which draws all singular values of X towards 1.
/// </summary>
/// <remarks>
/// X is a filter as it lies in memory, one row for each output channel: [⌈OC/16⌉, L, 16]. Square matrices are symmetric, to the bit since
/// products commute, and lie in blocks of columns, [⌈OC/16⌉, OC, 16], so that the same product serves G and G². Every product is one chain from 0 in
/// the order of memory. Each call makes what belongs to one block of output channels; blocks are independent of each other.
/// </remarks>
internal static unsafe class NewtonSchulzKernel
{
    private const int Lanes = Tensor.BlockLanes;
    private const int Square = Lanes * Lanes;

    /// <summary>Rows of G = X·Xᵀ from the diagonal on, and the columns that mirror them.</summary>
    /// <param name="tiles">The matrix kernel.</param>
    /// <param name="x">[blocks, length, 16].</param>
    /// <param name="blocks">Blocks of output channels.</param>
    /// <param name="length">Values of an output channel.</param>
    /// <param name="block">Whose rows.</param>
    /// <param name="gram">[blocks, 16·blocks, 16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Gram<TLanes>(RegisterTile.Table<TLanes> tiles, float* x, int blocks, int length, int block, float* gram)
        where TLanes : struct, ILanes<TLanes>
    {
        Multiply(tiles, x, blocks, length, block, gram);
        Mirror(blocks, block, gram);
    }

    /// <summary>Rows of a·I + b·G + c·G² from the diagonal on, and the columns that mirror them.</summary>
    /// <param name="tiles">The matrix kernel.</param>
    /// <param name="gram">G, [blocks, 16·blocks, 16].</param>
    /// <param name="blocks">Blocks of output channels.</param>
    /// <param name="block">Whose rows.</param>
    /// <param name="c">The coefficients.</param>
    /// <param name="polynomial">[blocks, 16·blocks, 16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Polynomial<TLanes>(
        RegisterTile.Table<TLanes> tiles, float* gram, int blocks, int block, NewtonSchulzCoefficients c, float* polynomial)
        where TLanes : struct, ILanes<TLanes>
    {
        Multiply(tiles, gram, blocks, blocks * Lanes, block, polynomial);
        TLanes linear = TLanes.Broadcast(c.Linear), quadratic = TLanes.Broadcast(c.Quadratic);
        for (int column = block; column < blocks; column++)
        {
            int square = (column * blocks + block) * Square;
            for (int i = square; i < square + Square; i += Lanes)
            {
                TLanes.FusedMultiplyAdd(quadratic, TLanes.Load(polynomial + i), linear * TLanes.Load(gram + i)).Store(polynomial + i);
            }
        }

        float* diagonal = polynomial + (block * blocks + block) * Square;
        for (int lane = 0; lane < Lanes; lane++)
        {
            diagonal[lane * (Lanes + 1)] += c.Constant;
        }

        Mirror(blocks, block, polynomial);
    }

    /// <summary>Squares of X·Xᵀ from the diagonal on.</summary>
    private static void Multiply<TLanes>(RegisterTile.Table<TLanes> tiles, float* x, int blocks, int length, int block, float* product)
        where TLanes : struct, ILanes<TLanes>
    {
        float* zeros = stackalloc float[Lanes];
        new Span<float>(zeros, Lanes).Clear();
        var run = new TileRun(0, 0, length);
        for (int column = block; column < blocks; column += tiles.Limits.Columns)
        {
            var t = new TileArguments
            {
                A = x + block * length * Lanes,
                ARow = 1,
                AStep = Lanes,
                B = x + column * length * Lanes,
                BColumn = length * Lanes,
                Runs = &run,
                RunCount = 1,
                Initial = zeros,
                C = product + (column * blocks + block) * Square,
                CRow = Lanes,
                CColumn = blocks * Square,
            };
            tiles.Multiply(&t, Lanes, Math.Min(tiles.Limits.Columns, blocks - column));
        }
    }

    private static void Mirror(int blocks, int block, float* matrix)
    {
        for (int column = block + 1; column < blocks; column++)
        {
            Transposition.Square(matrix + (column * blocks + block) * Square, matrix + (block * blocks + column) * Square);
        }
    }

    /// <summary>Rows of the next X: a polynomial of G times X.</summary>
    /// <param name="tiles">The matrix kernel.</param>
    /// <param name="polynomial">[blocks, 16·blocks, 16].</param>
    /// <param name="x">[blocks, length, 16].</param>
    /// <param name="blocks">Blocks of output channels.</param>
    /// <param name="length">Values of an output channel.</param>
    /// <param name="block">Whose rows.</param>
    /// <param name="next">[blocks, length, 16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Apply<TLanes>(
        RegisterTile.Table<TLanes> tiles, float* polynomial, float* x, int blocks, int length, int block, float* next)
        where TLanes : struct, ILanes<TLanes>
    {
        float* zeros = stackalloc float[Lanes];
        new Span<float>(zeros, Lanes).Clear();
        TileRun* runs = stackalloc TileRun[blocks];
        for (int i = 0; i < blocks; i++)
        {
            runs[i] = new TileRun(i * length * Lanes, i * Square, Lanes);
        }

        var t = new TileArguments
        {
            A = x,
            ARow = Lanes,
            AStep = 1,
            B = polynomial + block * blocks * Square,
            Runs = runs,
            RunCount = blocks,
            Initial = zeros,
            C = next + block * length * Lanes,
            CRow = Lanes,
        };
        tiles.Multiply(&t, length, columns: 1);
    }
}

/// <summary>a, b and c of <see cref="NewtonSchulzKernel"/>.</summary>
internal readonly record struct NewtonSchulzCoefficients(float Constant, float Linear, float Quadratic);
