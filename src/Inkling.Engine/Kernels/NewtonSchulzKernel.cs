using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>Rows of A·Bᵀ from the diagonal on, and the columns that mirror them: G with A = B = X, or A·B of symmetric ones.</summary>
/// <param name="a">[blocks, length, 16].</param>
/// <param name="b">[blocks, length, 16].</param>
/// <param name="blocks">Blocks of output channels.</param>
/// <param name="length">Values of a row.</param>
/// <param name="block">Whose rows.</param>
/// <param name="product">[blocks, 16·blocks, 16].</param>
/// <remarks>This and what follows: <see cref="NewtonSchulzKernel"/>.</remarks>
internal readonly unsafe struct NewtonSchulzProduct(float* a, float* b, int blocks, int length, int block, float* product) : IKernelCall
{
    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        NewtonSchulzKernel.Multiply(tiles, a, b, blocks, length, block, product);
        NewtonSchulzKernel.Mirror(blocks, block, product);
    }
}

/// <summary>Rows of a·I + b·G + c·G² from the diagonal on, and the columns that mirror them.</summary>
/// <param name="gram">G, [blocks, 16·blocks, 16].</param>
/// <param name="blocks">Blocks of output channels.</param>
/// <param name="block">Whose rows.</param>
/// <param name="c">The coefficients.</param>
/// <param name="polynomial">[blocks, 16·blocks, 16].</param>
internal readonly unsafe struct NewtonSchulzPolynomial(float* gram, int blocks, int block, NewtonSchulzCoefficients c, float* polynomial)
    : IKernelCall
{
    private const int Lanes = Tensor.BlockLanes;
    private const int Square = Lanes * Lanes;

    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
        where TLanes : struct, ILanes<TLanes>
    {
        NewtonSchulzKernel.Multiply(tiles, gram, gram, blocks, blocks * Lanes, block, polynomial);
        TLanes linear = TLanes.Broadcast(c.Linear), quadratic = TLanes.Broadcast(c.Quadratic);
        for (int column = block; column < blocks; column++)
        {
            int square = (column * blocks + block) * Square;
            float* p = polynomial + square, g = gram + square;
            for (int i = 0; i < Square; i += Lanes)
            {
                TLanes.FusedMultiplyAdd(quadratic, TLanes.Load(p + i), linear * TLanes.Load(g + i)).Store(p + i);
            }
        }

        float* diagonal = polynomial + (block * blocks + block) * Square;
        for (int lane = 0; lane < Lanes; lane++)
        {
            diagonal[lane * (Lanes + 1)] += c.Constant;
        }

        NewtonSchulzKernel.Mirror(blocks, block, polynomial);
    }
}

/// <summary>Rows of F·X.</summary>
/// <param name="factor">F, [blocks, 16·blocks, 16].</param>
/// <param name="x">[blocks, length, 16].</param>
/// <param name="blocks">Blocks of output channels.</param>
/// <param name="length">Values of an output channel.</param>
/// <param name="block">Whose rows.</param>
/// <param name="result">[blocks, length, 16].</param>
internal readonly unsafe struct NewtonSchulzApply(float* factor, float* x, int blocks, int length, int block, float* result) : IKernelCall
{
    private const int Lanes = Tensor.BlockLanes;
    private const int Square = Lanes * Lanes;

    public KernelWork Work => default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes>(RegisterTile.Table<TLanes> tiles, WorkPart part)
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

/// <summary>
/// The products of a Newton–Schulz iteration, which draws all singular values of a matrix X towards 1: X ← P·X with
/// P = a·I + b·G + c·G² and G = X·Xᵀ. Since G becomes P·G·P, the iteration goes on without X, and the product of all P meets X once.
/// </summary>
/// <remarks>
/// X is a filter as it lies in memory, one row for each output channel: [⌈OC/16⌉, L, 16]. Square matrices lie in blocks of columns,
/// [⌈OC/16⌉, OC, 16]. All are polynomials of the first G, so they commute and are symmetric but for rounding: an element [i, j] with i ≤ j
/// is computed and mirrored. Every element is one chain from 0 in the order of memory. Each call makes what belongs to one block of output
/// channels; blocks are independent of each other.
/// </remarks>
internal static unsafe class NewtonSchulzKernel
{
    private const int Lanes = Tensor.BlockLanes;
    private const int Square = Lanes * Lanes;

    /// <summary>Squares of A·Bᵀ from the diagonal on.</summary>
    internal static void Multiply<TLanes>(
        RegisterTile.Table<TLanes> tiles, float* a, float* b, int blocks, int length, int block, float* product)
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

    internal static void Mirror(int blocks, int block, float* matrix)
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
}

/// <summary>a, b and c of <see cref="NewtonSchulzKernel"/>.</summary>
internal readonly record struct NewtonSchulzCoefficients(float Constant, float Linear, float Quadratic);
