using System.Runtime.CompilerServices;

namespace Inkling.Engine;

/// <summary>
/// The one matrix kernel: C[r, c] = initial[r, c] + Σₖ A[r, k] · B[k, c], for a tile of a few rows by one or two columns
/// of sixteen lanes, all of it in registers. Convolutions and linear layers, forward and both backward passes, are
/// sweeps of this tile over memory.
/// </summary>
/// <remarks>
/// Order: each output lane is one chain of fused multiply-adds over k, from the initial value, run after run. How many
/// rows and columns a tile has changes which chains advance together, never a chain: any tiling gives the same bits.
/// The methods are generated from one template (RegisterTileGenerator). Measured on Zen 4: 4×2 to 8×2 tiles of 512 bits
/// and 4×1 to 6×1 tiles of two 256-bit registers reach 110 to 117 of about 118 GFLOP/s a core.
/// </remarks>
internal static unsafe partial class RegisterTile
{
    /// <summary>Rows of several short stretches that are taken together; on the stack of their kernel.</summary>
    internal const int MaxPlaces = 64;

    /// <summary>The tile methods of one vector width.</summary>
    /// <param name="limits">The largest tile that it keeps in registers.</param>
    internal sealed class Table<TLanes>(TileLimits limits)
        where TLanes : struct, ILanes<TLanes>
    {
        /// <summary>Fewer chains of multiply-adds than those of four rows leave the multipliers waiting for results.</summary>
        private const int LeastRows = 4;

        private readonly delegate*<TileArguments*, int, void>[] _stride1 = Methods<TLanes, Strided<Stride1>>();
        private readonly delegate*<TileArguments*, int, void>[] _stride2 = Methods<TLanes, Strided<Stride2>>();
        private readonly delegate*<TileArguments*, int, void>[] _stride16 = Methods<TLanes, Strided<Stride16>>();
        private readonly delegate*<TileArguments*, int, void>[] _stride32 = Methods<TLanes, Strided<Stride32>>();
        private readonly delegate*<TileArguments*, int, void>[] _placed = Methods<TLanes, Placed>();

        internal TileLimits Limits => limits;

        /// <summary>Whether so many rows make tiles that are too low, so that several stretches of them had better be one.</summary>
        internal bool IsShort(int rows) => rows / ((rows + limits.Rows - 1) / limits.Rows) < LeastRows;

        /// <summary>The product for any number of rows, in as few tiles as there can be, of nearly equal heights.</summary>
        /// <param name="t">Where from and to; moved behind the last row. A pointer: a copy for each call costs 4 %
        /// (benchmarks/ladder.md).</param>
        /// <param name="rows">Rows of A and C.</param>
        /// <param name="columns">Columns of sixteen lanes, at most those of the limits.</param>
        /// <remarks>Rows of A at a distance that has no methods are taken singly.</remarks>
        internal void Multiply(TileArguments* t, int rows, int columns)
        {
            delegate*<TileArguments*, int, void>[]? methods = t->Places is not null
                ? _placed
                : t->ARow switch { 1 => _stride1, 2 => _stride2, 16 => _stride16, 32 => _stride32, _ => null };
            int tiles = methods is null ? rows : (rows + limits.Rows - 1) / limits.Rows;
            methods ??= _stride1;
            (int height, int higher) = Math.DivRem(rows, tiles);
            int method = (columns - 1) * MaxRows + height - 1;
            if (higher > 0)
            {
                methods[method + 1](t, higher);
            }

            methods[method](t, tiles - higher);
        }
    }

    /// <summary>Where the rows of a tile lie, as distances in floats from its A and C.</summary>
    private interface IRows
    {
        static abstract nint A(TileArguments* t, int row);

        static abstract nint C(TileArguments* t, int row);

        /// <summary>Goes on to the rows of the next tile.</summary>
        static abstract void Advance(TileArguments* t, int rows);
    }

    /// <summary>At a constant distance, which costs nothing in the inner loop.</summary>
    private readonly struct Strided<TStride> : IRows
        where TStride : IStride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint A(TileArguments* t, int row) => row * TStride.Value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint C(TileArguments* t, int row) => row * t->CRow;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Advance(TileArguments* t, int rows)
        {
            t->A += rows * t->ARow;
            t->C += rows * t->CRow;
        }
    }

    /// <summary>Anywhere.</summary>
    private readonly struct Placed : IRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint A(TileArguments* t, int row) => t->Places[row].A;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint C(TileArguments* t, int row) => t->Places[row].C;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Advance(TileArguments* t, int rows) => t->Places += rows;
    }

    private interface IStride
    {
        static abstract int Value { get; }
    }

    private readonly struct Stride1 : IStride
    {
        public static int Value => 1;
    }

    private readonly struct Stride2 : IStride
    {
        public static int Value => 2;
    }

    private readonly struct Stride16 : IStride
    {
        public static int Value => 16;
    }

    private readonly struct Stride32 : IStride
    {
        public static int Value => 32;
    }
}

/// <summary>Where a tile reads and writes; offsets and distances in floats.</summary>
internal unsafe struct TileArguments
{
    /// <summary>A[0, 0] of a run at offset 0.</summary>
    internal float* A;

    /// <summary>Where each row lies, if not at constant distances.</summary>
    internal TilePlace* Places;

    /// <summary>Distance from A[r, k] to A[r + 1, k].</summary>
    internal int ARow;

    /// <summary>Distance from A[r, k] to A[r, k + 1].</summary>
    internal nint AStep;

    /// <summary>B[0, 0] of a run at offset 0; B[k + 1, c] follows B[k, c] at sixteen floats.</summary>
    internal float* B;

    /// <summary>Distance from B[k, 0] to B[k, 1].</summary>
    internal nint BColumn;

    internal TileRun* Runs;
    internal int RunCount;

    /// <summary>Where the chains start: zeros, a bias, or C itself to go on with an earlier sum.</summary>
    internal float* Initial;
    internal nint InitialRow;
    internal nint InitialColumn;

    internal float* C;
    internal nint CRow;
    internal nint CColumn;
}

/// <summary>The largest tile that a vector width keeps in registers.</summary>
internal readonly record struct TileLimits(int Rows, int Columns)
{
    internal static TileLimits For(Simd simd) => simd == Simd.Vector512 ? new(Rows: 8, Columns: 2) : new(Rows: 6, Columns: 1);
}

/// <summary>Distances of a row of A and C from those of the first tile.</summary>
internal readonly record struct TilePlace(int A, int C);

/// <summary>A stretch of k over which A and B advance by constant steps.</summary>
internal readonly record struct TileRun(int A, int B, int Length);
