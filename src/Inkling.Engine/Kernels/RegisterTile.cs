namespace Inkling.Engine.Kernels;

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
    /// <summary>The tile methods of one vector width, by row stride of A, rows and columns.</summary>
    internal sealed class Table<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        private readonly delegate*<TileArguments*, void>[] _methods = new delegate*<TileArguments*, void>[4 * 2 * MaxRows];

        internal Table()
        {
            for (int columns = 1; columns <= 2; columns++)
            {
                for (int rows = 1; rows <= MaxRows; rows++)
                {
                    _methods[Index(1, rows, columns)] = Select<TLanes, Stride1>(rows, columns);
                    _methods[Index(2, rows, columns)] = Select<TLanes, Stride2>(rows, columns);
                    _methods[Index(16, rows, columns)] = Select<TLanes, Stride16>(rows, columns);
                    _methods[Index(32, rows, columns)] = Select<TLanes, Stride32>(rows, columns);
                }
            }
        }

        /// <summary>Whether tiles of more than one row exist for this distance, in floats, between rows of A.</summary>
        internal static bool HasStride(int aRow) => aRow is 1 or 2 or 16 or 32;

        internal delegate*<TileArguments*, void> this[int aRow, int rows, int columns] =>
            _methods[rows == 1 ? Index(1, 1, columns) : Index(aRow, rows, columns)];

        private static int Index(int aRow, int rows, int columns)
        {
            int stride = aRow switch { 1 => 0, 2 => 1, 16 => 2, 32 => 3, _ => throw new ArgumentOutOfRangeException(nameof(aRow)) };
            return ((stride * 2) + columns - 1) * MaxRows + rows - 1;
        }
    }

    /// <summary>Distance in floats between rows of A: a constant, so that it costs nothing in the inner loop.</summary>
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

/// <summary>A stretch of k over which A and B advance by constant steps.</summary>
internal readonly record struct TileRun(int A, int B, int Length);
