using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// The products of a Newton–Schulz iteration, which draws all singular values of a matrix X towards 1: X ← P·X with P = a·I + b·G + c·G² and
/// G = X·Xᵀ. Since G becomes P·G·P, the iteration goes on without X, and the product of all P meets X once.
/// </summary>
/// <remarks>
/// X is a filter as it lies in memory, one row for each output channel: [⌈OC/16⌉, L, 16]. Square matrices lie in blocks of columns, [⌈OC/16⌉, OC, 16]. All
/// are polynomials of the first G, so they commute and are symmetric but for rounding: an element [i, j] with i ≤ j is computed and mirrored. Every element
/// is one chain from 0 in the order of memory. Each call makes what belongs to one block of output channels; blocks are independent of each other.
/// </remarks>
internal static unsafe class NewtonSchulzKernel
{
    private const int Lanes = Tensor.BlockLanes;
    private const int Square = Lanes * Lanes;

    /// <summary>Rows of A·Bᵀ from the diagonal on, and the columns that mirror them: G with A = B = X, or A·B of symmetric ones.</summary>
    /// <param name="tiles">The matrix kernel.</param>
    /// <param name="a">[blocks, length, 16].</param>
    /// <param name="b">[blocks, length, 16].</param>
    /// <param name="blocks">Blocks of output channels.</param>
    /// <param name="length">Values of a row.</param>
    /// <param name="block">Whose rows.</param>
    /// <param name="product">[blocks, 16·blocks, 16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Product<TLanes>(RegisterTile.Table<TLanes> tiles, float* a, float* b, int blocks, int length, int block, float* product)
        where TLanes : struct, ILanes<TLanes>
    {
        Multiply(tiles, a, b, blocks, length, block, product);
        Mirror(blocks, block, product);
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
        Multiply(tiles, gram, gram, blocks, blocks * Lanes, block, polynomial);
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

    /// <summary>Squares of A·Bᵀ from the diagonal on.</summary>
    private static void Multiply<TLanes>(RegisterTile.Table<TLanes> tiles, float* a, float* b, int blocks, int length, int block, float* product)
        where TLanes : struct, ILanes<TLanes>
    {
        float* zeros = stackalloc float[Lanes];
        new Span<float>(zeros, Lanes).Clear();
        var run = new TileRun(0, 0, length);
        for (int column = block; column < blocks; column += tiles.Limits.Columns)
        {
            var t = new TileArguments
            {
                A = a + block * length * Lanes,
                ARow = 1,
                AStep = Lanes,
                B = b + column * length * Lanes,
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
        float* diagonal = matrix + (block * blocks + block) * Square;
        for (int row = 1; row < Lanes; row++)
        {
            for (int column = 0; column < row; column++)
            {
                diagonal[row * Lanes + column] = diagonal[column * Lanes + row];
            }
        }

        for (int column = block + 1; column < blocks; column++)
        {
            Transposition.Square(matrix + (column * blocks + block) * Square, matrix + (block * blocks + column) * Square);
        }
    }

    /// <summary>Rows of F·X.</summary>
    /// <param name="tiles">The matrix kernel.</param>
    /// <param name="factor">F, [blocks, 16·blocks, 16].</param>
    /// <param name="x">[blocks, length, 16].</param>
    /// <param name="blocks">Blocks of output channels.</param>
    /// <param name="length">Values of an output channel.</param>
    /// <param name="block">Whose rows.</param>
    /// <param name="result">[blocks, length, 16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Apply<TLanes>(
        RegisterTile.Table<TLanes> tiles, float* factor, float* x, int blocks, int length, int block, float* result)
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
            B = factor + block * blocks * Square,
            Runs = runs,
            RunCount = blocks,
            Initial = zeros,
            C = result + block * length * Lanes,
            CRow = Lanes,
        };
        tiles.Multiply(&t, length, columns: 1);
    }
}

/// <summary>a, b and c of <see cref="NewtonSchulzKernel"/>.</summary>
internal readonly record struct NewtonSchulzCoefficients(float Constant, float Linear, float Quadratic);
